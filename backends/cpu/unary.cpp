// backends/cpu/unary.cpp: the unary ops of tensor/scalar_maths.h, lifted to tensors
#include "backends/cpu/backend_class.h"
#include "backends/cpu/elementwise_loops.h"
#include "backends/cpu/vector_ops.h"
#include "backends/op_types.h"

namespace weft::cpu_kernels {

void CpuBackend::unary(UnaryOp op, const Tensor& x, const Tensor& y) {
  visit_op(op, [&](auto maths) {
    using Maths = decltype(maths);
    visit_dtype(x.dtype(), [&](auto tag) {
      using T = typename decltype(tag)::type;
      if constexpr (op_accepts<Maths, T>) {
        map_elements<OpResult<Maths, T>, T>({&x}, y, [](T value) { return CpuOp<Maths, T>::apply(value); });
      }
    });
  });
}

}  // namespace weft::cpu_kernels
