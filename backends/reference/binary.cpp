// backends/reference/binary.cpp: one output element from the two input elements at the same place
#include "backends/op_types.h"
#include "backends/reference/reference_backend.h"
#include "backends/strided_loop.h"

namespace weft {

// y[i] = f(a[i], b[i]): broadcasting has given a and b stride 0 where they repeat
void ReferenceBackend::binary(BinaryOp op, const Tensor& a, const Tensor& b, const Tensor& y) {
  visit_op(op, [&]<class Maths>(Maths) {
    visit_dtype(a.dtype(), [&]<class T>(TypeTag<T>) {
      if constexpr (op_accepts<Maths, T>) {
        const T* left = a.data<T>();
        const T* right = b.data<T>();
        auto* to = y.data<OpResult<Maths, T>>();
        for_each_element(y.shape(), {a.strides(), b.strides(), y.strides()},
                         [&](int64_t ai, int64_t bi, int64_t yi) { to[yi] = Maths::apply(left[ai], right[bi]); });
      }
    });
  });
}

}  // namespace weft
