// backends/gpu/reduce.cu: sums, products and extremes over any axes
#include "backends/gpu/folds.h"
#include "backends/gpu/gpu_backend.h"
#include "backends/gpu/reduce_slices.h"

namespace weft::WEFT_GPU {
namespace {

/// Narrow integers are widened first: their products are too rare for kernels of their own.
void multiply(const Tensor& x, const Tensor& y) {
  if (x.dtype() < DType::int64) return multiply(x.to(DType::int64), y);
  if (x.dtype() == DType::int64) return reduce_tensor<ProductFold<uint64_t>, int64_t, int64_t>({}, x, y);
  visit_floating(x.dtype(), [&]<class T>(TypeTag<T>) { reduce_tensor<ProductFold<double>, T, T>({}, x, y); });
}

}  // namespace

// y[i, 0, k] = x[i, 0, k] op x[i, 1, k] op ...
void GpuBackend::reduce(ReduceOp op, const Tensor& x, const Tensor& y) {
  visit_dtype(x.dtype(), [&]<class Stored>(TypeTag<Stored>) {
    using T = std::conditional_t<std::is_same_v<Stored, bool>, uint8_t, Stored>;
    using Result = std::conditional_t<std::is_floating_point_v<T>, T, int64_t>;
    using Max = ExtremeFold<Binary<BinaryOp::maximum>, T>;
    using Min = ExtremeFold<Binary<BinaryOp::minimum>, T>;
    switch (op) {
      case ReduceOp::sum: return reduce_tensor<SumFold<WideTotal<T>>, T, Result>({}, x, y);
      case ReduceOp::prod: return multiply(x, y);
      case ReduceOp::max: return reduce_tensor<Max, T, T>({}, x, y);
      case ReduceOp::min: return reduce_tensor<Min, T, T>({}, x, y);
    }
  });
}

}  // namespace weft::WEFT_GPU
