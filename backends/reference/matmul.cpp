// backends/reference/matmul.cpp: the product of matrices, as it is defined
#include "backends/reference/accumulator.h"
#include "backends/reference/elements.h"
#include "backends/reference/reference_backend.h"

namespace weft {

// y[s, i, j] = sum_k a[s, i, k] b[s, k, j]
void ReferenceBackend::matmul(const Tensor& a, const Tensor& b, const Tensor& y) {
  const int64_t batch = y.size(0), rows = y.size(1), columns = y.size(2), inner = a.size(2);
  visit_floating(y.dtype(), [&]<class T>(TypeTag<T>) {
    const Elements<T> a_(a), b_(b), y_(y);
    for (int64_t s = 0; s < batch; ++s)
      for (int64_t i = 0; i < rows; ++i)
        for (int64_t j = 0; j < columns; ++j) {
          Accumulator<T> total = 0;
          for (int64_t k = 0; k < inner; ++k) total += static_cast<Accumulator<T>>(a_(s, i, k)) * b_(s, k, j);
          y_(s, i, j) = static_cast<T>(total);
        }
  });
}

}  // namespace weft
