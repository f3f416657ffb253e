// backends/cpu/random.cpp: counter-based draws; every element knows its own counter, so tiles need no order
#include "backends/cpu/backend_class.h"
#include "backends/cpu/thread_pool.h"

namespace weft::cpu_kernels {

void CpuBackend::random(const RandomOp& op, const Tensor& y) {
  visit_floating(y.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    T* values = y.data<T>();
    parallel_ranges(y.numel(), 2048, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) values[i] = random_element<T>(op, static_cast<uint64_t>(i));
    });
  });
}

}  // namespace weft::cpu_kernels
