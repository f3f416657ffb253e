// backends/gpu/unary.cu: y[i] = f(x[i])
#include "backends/gpu/elementwise.h"
#include "backends/gpu/gpu_backend.h"
#include "backends/op_types.h"

namespace weft::WEFT_GPU {
namespace {

template <class Maths>
struct ApplyUnary {
  template <class T>
  __device__ OpResult<Maths, T> operator()(T x) const {
    return Maths::apply(x);
  }
};

}  // namespace

void GpuBackend::unary(UnaryOp op, const Tensor& x, const Tensor& y) {
  visit_op(op, [&]<class Maths>(Maths) {
    visit_dtype(x.dtype(), [&]<class T>(TypeTag<T>) {
      if constexpr (op_accepts<Maths, T>) elementwise<OpResult<Maths, T>, T>(ApplyUnary<Maths>{}, y, x);
    });
  });
}

}  // namespace weft::WEFT_GPU
