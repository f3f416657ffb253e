// backends/cpu/unary.cpp: the unary ops of tensor/scalar_maths.h, lifted to tensors
// Without errno, sqrt is one vector instruction; nothing here reads errno.
#pragma GCC optimize("no-math-errno")
#include "backends/cpu/backend_class.h"
#include "backends/cpu/elementwise_loops.h"

namespace weft::cpu_kernels {

void CpuBackend::unary(UnaryOp op, const Tensor& x, const Tensor& y) {
  visit_op(op, [&](auto maths) {
    using Maths = decltype(maths);
    const auto apply = [](auto value) { return Maths::apply(value); };
    if constexpr (Maths::types == OpTypes::floating) {
      visit_floating(x.dtype(), [&](auto tag) {
        using T = typename decltype(tag)::type;
        map_unary<T, T>(x, y, apply);
      });
    } else {
      visit_dtype(x.dtype(), [&](auto tag) {
        using T = typename decltype(tag)::type;
        using Y = std::conditional_t<Maths::types == OpTypes::same, T, bool>;
        map_unary<T, Y>(x, y, apply);
      });
    }
  });
}

}  // namespace weft::cpu_kernels
