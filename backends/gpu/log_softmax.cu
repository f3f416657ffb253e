// backends/gpu/log_softmax.cu: y_i = (x_i - top) - log(sum_j exp(x_j - top)), top the largest x_j of the slice
//
// In this order: beside a large score, top + log is top. A slice is read three times, but from memory once: a row of
// 1024 numbers, or a band of 32 columns, stays in the near cache between its readings.
#include <limits>

#include "backends/gpu/gpu_backend.h"
#include "backends/gpu/team.h"

namespace weft::WEFT_GPU {
namespace {

/// Elements `step` apart.
template <class T>
struct StridedSlice {
  gp<T> data;
  int64_t step;
  __device__ __forceinline__ T operator()(int64_t i) const { return data[i * step]; }
  template <class V>
  __device__ __forceinline__ void put(int64_t i, V value) const {
    data[i * step] = value;
  }
};

/// One slice by one team. A team without a slice has count 0.
template <class T, class Team>
__device__ void log_softmax_slice(const Team& team, int64_t count, StridedSlice<const T> x, StridedSlice<T> y) {
  const auto larger = [](T a, T b) { return Binary<BinaryOp::maximum>::apply(a, b); };
  T top = -std::numeric_limits<T>::infinity();
  for (int64_t i = team.member(); i < count; i += team.size()) top = larger(top, x(i));
  top = team.fold(top, larger);
  const double total = team_sum<T>(team, count, [&](int64_t i) { return std::exp(x(i) - top); });
  const T log_total = static_cast<T>(std::log(total));
  for (int64_t i = team.member(); i < count; i += team.size()) y.put(i, x(i) - top - log_total);
}

/// A warp or a block a row.
template <class T>
__global__ void log_softmax_rows(Layout<2> rows, int64_t count, int64_t x_step, int64_t y_step, gp<const T> x,
                                 gp<T> y) {
  for (int64_t row = RowTeam::first_row(); row < rows.numel; row += RowTeam::row_step()) {
    int64_t at[2];
    rows.locate(row, at);
    log_softmax_slice<T>(RowTeam{}, count, {x + at[1], x_step}, {y + at[0], y_step});
  }
}

/// 32 columns side by side a block.
template <class T>
__global__ void log_softmax_columns(Layout<2> columns, int64_t count, int64_t x_step, int64_t y_step, gp<const T> x,
                                    gp<T> y) {
  const int64_t step = static_cast<int64_t>(gridDim.x) * kColumns;
  for (int64_t first = static_cast<int64_t>(blockIdx.x) * kColumns; first < columns.numel; first += step) {
    const int64_t column = first + threadIdx.x;
    const bool inside = column < columns.numel;
    int64_t at[2];
    columns.locate(inside ? column : 0, at);
    log_softmax_slice<T>(ColumnTeam{}, inside ? count : 0, {x + at[1], x_step}, {y + at[0], y_step});
  }
}

/// All axes but one.
Dims without_axis(Dims dims, int64_t axis) {
  dims.erase(axis);
  return dims;
}

}  // namespace

void GpuBackend::log_softmax(const Tensor& x, int64_t axis, const Tensor& y) {
  const int64_t count = x.size(axis), x_step = x.strides()[axis], y_step = y.strides()[axis];
  const Layout<2> slices(without_axis(x.shape(), axis),
                         {without_axis(y.strides(), axis), without_axis(x.strides(), axis)});
  visit_floating(x.dtype(), [&]<class T>(TypeTag<T>) {
    const T* from = x.data<T>();
    if (y_step >= kColumnMembers) {  // enough columns side by side in y
      launch(log_softmax_columns<T>, grid_of(slices.numel, kColumns), column_block(), 0, slices, count, x_step, y_step,
             from, y.data<T>());
    } else {
      const dim3 block = row_block(count);
      launch(log_softmax_rows<T>, grid_of(slices.numel, block.y), block, 0, slices, count, x_step, y_step, from,
             y.data<T>());
    }
  });
}

}  // namespace weft::WEFT_GPU
