// backends/cpu/binary.cpp: the binary ops of tensor/scalar_maths.h, lifted to tensors
#include "backends/cpu/backend_class.h"
#include "backends/cpu/elementwise_loops.h"
#include "backends/cpu/vector_ops.h"
#include "backends/op_types.h"

namespace weft::cpu_kernels {

void CpuBackend::binary(BinaryOp op, const Tensor& a, const Tensor& b, const Tensor& y) {
  visit_op(op, [&](auto maths) {
    using Maths = decltype(maths);
    visit_dtype(a.dtype(), [&](auto tag) {
      using T = typename decltype(tag)::type;
      if constexpr (op_accepts<Maths, T>) {
        map_elements<OpResult<Maths, T>, T, T>({&a, &b}, y,
                                               [](T left, T right) { return CpuOp<Maths, T>::apply(left, right); });
      }
    });
  });
}

}  // namespace weft::cpu_kernels
