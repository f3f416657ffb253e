// backends/reference/random.cpp: random numbers, each a function of its own place in the stream
#include "backends/reference/reference_backend.h"

namespace weft {

// y[i] = random_element(op, i): no value depends on another, so any order gives the same numbers
void ReferenceBackend::random(const RandomOp& op, const Tensor& y) {
  visit_floating(y.dtype(), [&]<class T>(TypeTag<T>) {
    T* to = y.data<T>();
    for (int64_t i = 0; i < y.numel(); ++i) to[i] = random_element<T>(op, static_cast<uint64_t>(i));
  });
}

}  // namespace weft
