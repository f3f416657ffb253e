// backends/gpu/reduce.cu: sums, products and extremes over any axes
#include "backends/gpu/folds.h"
#include "backends/gpu/gpu_backend.h"
#include "backends/gpu/reduce_slices.h"

namespace weft::WEFT_GPU {

// y[i, 0, k] = x[i, 0, k] op x[i, 1, k] op ...
void GpuBackend::reduce(ReduceOp op, const Tensor& x, const Tensor& y) {
  visit_dtype(x.dtype(), [&]<class T>(TypeTag<T>) {
    using Wide = WideTotal<T>;
    using Result = std::conditional_t<std::is_floating_point_v<T>, T, int64_t>;
    using Max = ExtremeFold<Binary<BinaryOp::maximum>, T>;
    using Min = ExtremeFold<Binary<BinaryOp::minimum>, T>;
    switch (op) {
      case ReduceOp::sum: return reduce_tensor<SumFold<Wide>, T, Result>({}, x, y);
      case ReduceOp::prod: return reduce_tensor<ProductFold<Wide>, T, Result>({}, x, y);
      case ReduceOp::max: return reduce_tensor<Max, T, T>({}, x, y);
      case ReduceOp::min: return reduce_tensor<Min, T, T>({}, x, y);
    }
  });
}

}  // namespace weft::WEFT_GPU
