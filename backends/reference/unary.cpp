// backends/reference/unary.cpp: one output element from the input element at the same place
#include "backends/op_types.h"
#include "backends/reference/reference_backend.h"
#include "backends/strided_loop.h"

namespace weft {

// y[i] = f(x[i])
void ReferenceBackend::unary(UnaryOp op, const Tensor& x, const Tensor& y) {
  visit_op(op, [&]<class Maths>(Maths) {
    visit_dtype(x.dtype(), [&]<class T>(TypeTag<T>) {
      if constexpr (op_accepts<Maths, T>) {
        const T* from = x.data<T>();
        auto* to = y.data<OpResult<Maths, T>>();
        for_each_element(y.shape(), {x.strides(), y.strides()},
                         [&](int64_t xi, int64_t yi) { to[yi] = Maths::apply(from[xi]); });
      }
    });
  });
}

}  // namespace weft
