// backends/gpu/scatter.cu: writing and adding at computed positions, in the row-major order of the source
//
// Only elements of one line along the axis can meet in one place, and they meet in the order of their positions. So
// lines go to different threads, and along a line there are three ways:
//
//   short lines (up to 8 elements)    one thread walks along each: costs one read and one write an element
//   other lines                       (index, position) pairs are sorted, and one thread walks along each run of equal
//                                     indices: about 1 + log2(n / 2048) passes over 16 bytes a pair, and then one read
//                                     an element. An index that repeats in other axes (of whole rows) is sorted once.
//                                     A place that most of a long line meets in keeps one thread busy: 1 us for 4 to 8.
//   integers that are added           atomically, since their sum is the same in every order
#include <type_traits>

#include "backends/check_index.h"
#include "backends/gpu/gpu_backend.h"
#include "backends/gpu/indexing.h"
#include "backends/gpu/sort_entries.h"

namespace weft::WEFT_GPU {
namespace {

/// What becomes of an element of y that a source meets.
struct Replace {
  template <class T>
  __device__ T operator()(T, T source) const {
    return source;
  }
};
struct Add {
  template <class T>
  __device__ T operator()(T y, T source) const {
    return Binary<BinaryOp::add>::apply(y, source);
  }
};

/// The way along the indexed axis.
struct Axis {
  int64_t size;  ///< of index and source
  int64_t y_step, index_step, source_step;
};

/// One thread a line: y[line, index[line, i]] = combine(itself, source[line, i]) for i = 0, 1, ...
template <class T, class Combine>
__global__ void walk_lines_kernel(Combine combine, Layout<3> lines, Axis axis, gp<T> y, gp<const int64_t> index,
                                  gp<const T> source) {
  for (int64_t line = first_item(); line < lines.numel; line += item_step()) {
    int64_t at[3];
    lines.locate(line, at);
    for (int64_t i = 0; i < axis.size; ++i) {
      const int64_t position = index[at[1] + i * axis.index_step];
      const int64_t to = at[0] + position * axis.y_step;
      const T before = y[to], value = source[at[2] + i * axis.source_step];
      y[to] = combine(before, value);
    }
  }
}

/// One thread for each run of equal indices in a sorted line, and each column that the index repeats in: the thread of
/// the run's first entry, its others have nothing to do. Neighbours have neighbouring columns. Of a run whose next
/// three entries are equal too, four sources are on their way at a time.
template <class T, class Combine>
__global__ void walk_runs_kernel(Combine combine, Layout<2> lines, Layout<2> columns, Axis axis, gp<T> y,
                                 gp<const Entry<uint32_t>> entries, gp<const T> source) {
  const int64_t items = lines.numel * axis.size * columns.numel;
  for (int64_t item = first_item(); item < items; item += item_step()) {
    const int64_t row = item / columns.numel, line = row / axis.size, first = row - line * axis.size;
    const auto line_entries = entries + line * axis.size;
    const Entry<uint32_t> entry = line_entries[first];
    if (first > 0) {
      const Entry<uint32_t> previous = line_entries[first - 1];
      if (previous.key == entry.key) continue;
    }
    int64_t in_line[2], in_column[2];
    lines.locate(line, in_line);
    columns.locate(item - row * columns.numel, in_column);
    const int64_t to = in_line[0] + in_column[0] + static_cast<int64_t>(entry.key) * axis.y_step;
    const auto column = source + (in_line[1] + in_column[1]);
    const auto source_of = [&](int64_t i) {
      const Entry<uint32_t> of_run = line_entries[i];
      const T value = column[static_cast<int64_t>(of_run.position) * axis.source_step];
      return value;
    };
    const auto is_in_run = [&](int64_t i) {
      if (i >= axis.size) return false;
      const Entry<uint32_t> other = line_entries[i];
      return other.key == entry.key;
    };
    T total = y[to];
    int64_t i = first;
    for (; is_in_run(i + 3); i += 4) {
      const T four[4] = {source_of(i), source_of(i + 1), source_of(i + 2), source_of(i + 3)};
      for (int k = 0; k < 4; ++k) total = combine(total, four[k]);
    }
    for (; is_in_run(i); ++i) total = combine(total, source_of(i));
    y[to] = total;
  }
}

/// One thread an element. Wraps, as unsigned integers do.
template <class Unsigned>
__global__ void add_atomically_kernel(Layout<3> layout, int64_t y_step, gp<Unsigned> y, gp<const int64_t> index,
                                      gp<const Unsigned> source) {
  for (int64_t i = first_item(); i < layout.numel; i += item_step()) {
    int64_t at[3];
    layout.locate(i, at);
    const int64_t position = index[at[1]];
    const Unsigned value = source[at[2]];
    atomicAdd(y + (at[0] + position * y_step), value);
  }
}

struct IndexKey {
  __device__ uint32_t operator()(int64_t index) const { return static_cast<uint32_t>(index); }
};

template <class T, class Combine>
void scatter_lines(const Combine& combine, const Tensor& y, int64_t axis, const Tensor& index, const Tensor& source) {
  constexpr int64_t kShortLine = 8;
  const Axis along{index.shape()[axis], y.strides()[axis], index.strides()[axis], source.strides()[axis]};
  Shape lines = index.shape();
  lines[axis] = 1;
  // Keys and positions of sorted entries have 32 bits; a longer axis is rare enough to be walked along.
  if (along.size <= kShortLine || along.size > kLongestLine || y.shape()[axis] > kLongestLine) {
    const Layout<3> layout(lines, {y.strides(), index.strides(), source.strides()});
    launch(walk_lines_kernel<T, Combine>, grid_of(layout.numel), kBlock, 0, combine, layout, along, y.data<T>(),
           index.data<int64_t>(), source.data<T>());
    return;
  }
  Shape columns = lines;
  for (int64_t i = 0; i < lines.size(); ++i) (index.strides()[i] == 0 ? lines : columns)[i] = 1;
  const Layout<2> line_layout(lines, {y.strides(), source.strides()}),
      column_layout(columns, {y.strides(), source.strides()});
  const Layout<1> index_lines(lines, {index.strides()});
  const Scratch<Entry<uint32_t>> entries =
      sorted_entries(make_entries<uint32_t>(IndexKey{}, index_lines, along.size, along.index_step,
                                            index.data<int64_t>(), index.device()),
                     index_lines.numel, along.size, along.size);
  launch(walk_runs_kernel<T, Combine>, grid_of(line_layout.numel * along.size * column_layout.numel), kBlock, 0,
         combine, line_layout, column_layout, along, y.data<T>(), entries.data(), source.data<T>());
}

template <class Unsigned>
void add_atomically(const Tensor& y, int64_t axis, const Tensor& index, const Tensor& source) {
  const Layout<3> layout(index.shape(), {strides_without(y, axis), index.strides(), source.strides()});
  launch(add_atomically_kernel<Unsigned>, grid_of(layout.numel), kBlock, 0, layout, y.strides()[axis],
         y.data<Unsigned>(), index.data<int64_t>(), source.data<Unsigned>());
}

}  // namespace

// y[i, index[i, j, k], k] = source[i, j, k]   for axis 1
void GpuBackend::scatter(const Tensor& y, int64_t axis, const Tensor& index, const Tensor& source) {
  check_indices_on_card("scatter", index, axis, y.size(axis));
  visit_bits(y.dtype(), [&]<class Bits>(TypeTag<Bits>) { scatter_lines<Bits>(Replace{}, y, axis, index, source); });
}

// y[i, index[i, j, k], k] += source[i, j, k]   for axis 1
void GpuBackend::scatter_add(const Tensor& y, int64_t axis, const Tensor& index, const Tensor& source) {
  check_indices_on_card("scatter_add", index, axis, y.size(axis));
  switch (y.dtype()) {
    case DType::int32: return add_atomically<unsigned>(y, axis, index, source);
    case DType::int64: return add_atomically<unsigned long long>(y, axis, index, source);
    case DType::uint8: return scatter_lines<uint8_t>(Add{}, y, axis, index, source);
    case DType::float32: return scatter_lines<float>(Add{}, y, axis, index, source);
    case DType::float64: return scatter_lines<double>(Add{}, y, axis, index, source);
    case DType::boolean:
    case DType::bfloat16: break;  // nobody adds them
  }
  fail_storage_only();
}

}  // namespace weft::WEFT_GPU
