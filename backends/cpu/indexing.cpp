// backends/cpu/indexing.cpp: reading and writing at computed positions
//
// x is walked with stride 0 along the indexed axis; index says how far to step there. An index that is the same for a
// whole dense row (an embedding look-up) moves the row at once.
#include "backends/check_index.h"
#include "backends/cpu/backend_class.h"
#include "backends/cpu/elementwise_loops.h"

namespace weft::cpu_kernels {
namespace {

/// combine(y[i][index[i][j][k]][k], source[i][j][k]) in the row-major order of source.
template <class T, class Combine>
void scatter_into(const Tensor& y, int64_t axis, const Tensor& index, const Tensor& source, Combine combine) {
  const int64_t step = y.strides()[axis];
  const int64_t* position = index.data<int64_t>();
  const Pieces<3> pieces(index.shape(), {strides_without(y, axis), index.strides(), source.strides()});
  const int64_t ys = pieces.inner_stride(0), is = pieces.inner_stride(1), ss = pieces.inner_stride(2);
  // Slices along an axis before the indexed one touch different elements of y; otherwise the order of source decides.
  const int64_t slices = axis > 0 ? index.shape()[0] : 1, slice = pieces.numel / slices;
  const T* from = source.data<T>();
  T* to = y.data<T>();
  parallel_ranges(slices, std::max<int64_t>(1, kTileElements / slice), [&](int64_t begin, int64_t end) {
    pieces.visit(begin * slice, end * slice, [&](const auto& at, int64_t count) {
      const T* values = from + at[2];
      if (is == 0 && ys == 1 && ss == 1) {
        T* row = to + at[0] + position[at[1]] * step;
        for (int64_t i = 0; i < count; ++i) combine(row[i], values[i]);
      } else {
        for (int64_t i = 0; i < count; ++i)
          combine(to[at[0] + i * ys + position[at[1] + i * is] * step], values[i * ss]);
      }
    });
  });
}

}  // namespace

void CpuBackend::gather(const Tensor& x, int64_t axis, const Tensor& index, const Tensor& y) {
  check_indices("gather", index, axis, x.size(axis));
  const int64_t step = x.strides()[axis];
  const int64_t* position = index.data<int64_t>();
  const Pieces<3> pieces(index.shape(), {strides_without(x, axis), index.strides(), y.strides()});
  const int64_t xs = pieces.inner_stride(0), is = pieces.inner_stride(1), ys = pieces.inner_stride(2);
  visit_stored(y.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    const T* from = x.data<T>();
    T* to = y.data<T>();
    parallel_ranges(pieces.numel, kTileElements, [&](int64_t begin, int64_t end) {
      pieces.visit(begin, end, [&](const auto& at, int64_t count) {
        T* target = to + at[2];
        if (is == 0 && xs == 1 && ys == 1) {
          const T* row = from + at[0] + position[at[1]] * step;
          std::copy(row, row + count, target);
        } else {
          for (int64_t i = 0; i < count; ++i) target[i * ys] = from[at[0] + i * xs + position[at[1] + i * is] * step];
        }
      });
    });
  });
}

void CpuBackend::scatter(const Tensor& y, int64_t axis, const Tensor& index, const Tensor& source) {
  check_indices("scatter", index, axis, y.size(axis));
  visit_stored(y.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    scatter_into<T>(y, axis, index, source, [](T& element, T value) { element = value; });
  });
}

void CpuBackend::scatter_add(const Tensor& y, int64_t axis, const Tensor& index, const Tensor& source) {
  check_indices("scatter_add", index, axis, y.size(axis));
  visit_dtype(y.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    scatter_into<T>(y, axis, index, source,
                    [](T& element, T value) { element = Binary<BinaryOp::add>::apply(element, value); });
  });
}

}  // namespace weft::cpu_kernels
