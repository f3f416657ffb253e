// backends/cpu/where.cpp: y = condition ? a : b, and y += alpha x
#include "backends/cpu/backend_class.h"
#include "backends/cpu/elementwise_loops.h"

namespace weft::cpu_kernels {

void CpuBackend::where(const Tensor& condition, const Tensor& a, const Tensor& b, const Tensor& y) {
  visit_stored(y.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    map_elements<T, bool, T, T>({&condition, &a, &b}, y,
                                [](bool chosen, T left, T right) { return chosen ? left : right; });
  });
}

void CpuBackend::axpy(double alpha, const Tensor& x, const Tensor& y) {
  visit_floating(y.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    map_elements<T, T, T>({&x, &y}, y, [factor = static_cast<T>(alpha)](T from, T to) { return to + factor * from; });
  });
}

}  // namespace weft::cpu_kernels
