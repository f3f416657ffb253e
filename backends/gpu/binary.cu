// backends/gpu/binary.cu: y[i] = f(a[i], b[i])
#include "backends/gpu/elementwise.h"
#include "backends/gpu/gpu_backend.h"
#include "backends/op_types.h"

namespace weft::WEFT_GPU {
namespace {

template <class Maths>
struct ApplyBinary {
  template <class T>
  __device__ OpResult<Maths, T> operator()(T a, T b) const {
    return Maths::apply(a, b);
  }
};

}  // namespace

void GpuBackend::binary(BinaryOp op, const Tensor& a, const Tensor& b, const Tensor& y) {
  visit_op(op, [&]<class Maths>(Maths) {
    visit_dtype(a.dtype(), [&]<class T>(TypeTag<T>) {
      if constexpr (op_accepts<Maths, T>) elementwise<OpResult<Maths, T>, T, T>(ApplyBinary<Maths>{}, y, a, b);
    });
  });
}

}  // namespace weft::WEFT_GPU
