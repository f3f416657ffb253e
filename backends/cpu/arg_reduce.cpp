// backends/cpu/arg_reduce.cpp: where the extreme value stands along one axis
#include "backends/cpu/backend_class.h"
#include "backends/cpu/elementwise_loops.h"

namespace weft::cpu_kernels {
namespace {

/// The first position that beats all before it; the first NaN beats every number.
template <class T>
int64_t first_extreme(ArgReduceOp op, const T* x, int64_t stride, int64_t count) {
  T best = x[0];
  int64_t at = 0;
  for (int64_t i = 0; i < count; ++i) {
    const T value = x[i * stride];
    if (value != value) return i;
    if (op == ArgReduceOp::argmax ? value > best : value < best) {
      best = value;
      at = i;
    }
  }
  return at;
}

}  // namespace

void CpuBackend::arg_reduce(ArgReduceOp op, const Tensor& x, int64_t axis, const Tensor& y) {
  const int64_t count = x.shape()[axis], stride = x.strides()[axis];
  const Pieces<2> outputs(y.shape(), {x.strides(), y.strides()});
  int64_t* to = y.data<int64_t>();
  visit_dtype(x.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    const T* from = x.data<T>();
    parallel_ranges(outputs.numel, std::max<int64_t>(1, kTileElements / count), [&](int64_t begin, int64_t end) {
      outputs.visit(begin, end, [&](const auto& offsets, int64_t run) {
        for (int64_t i = 0; i < run; ++i) {
          const T* line = from + offsets[0] + i * outputs.inner_stride(0);
          to[offsets[1] + i * outputs.inner_stride(1)] = first_extreme(op, line, stride, count);
        }
      });
    });
  });
}

}  // namespace weft::cpu_kernels
