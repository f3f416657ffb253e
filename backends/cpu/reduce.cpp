// backends/cpu/reduce.cpp: many elements to one, in a fixed tree
//
// The reduced positions of an output are cut into groups by their number alone. A group is one tile, its float32 values
// add up in 16 lanes over short blocks and then in float64; the groups' results are combined in order.
#include "backends/cpu/backend_class.h"
#include "backends/cpu/conv_frame.h"
#include "backends/cpu/elementwise_loops.h"

namespace weft::cpu_kernels {
namespace {

constexpr int64_t kGroupRows = 65536;  // positions a group when the reduced axis is innermost
constexpr int64_t kColumnBlock = 256;  // outputs side by side when a kept axis is innermost
constexpr int64_t kColumnGroup = 256;  // positions a group then
constexpr int64_t kLaneBlock = 512;    // elements that add up in float32 before they go to float64
constexpr int64_t kWidth = 16;

template <class T>
struct Sum {
  using Total = std::conditional_t<std::is_floating_point_v<T>, double, uint64_t>;  // unsigned: wrapping is defined
  using Lane = std::conditional_t<std::is_same_v<T, float>, float, Total>;
  using Result = std::conditional_t<std::is_floating_point_v<T>, T, int64_t>;
  static constexpr Total start(T) { return 0; }
  static constexpr Lane lane_start(T) { return 0; }
  template <class U>
  static U combine(U a, U b) {
    return a + b;
  }
};

template <class T>
struct Prod {
  using Total = typename Sum<T>::Total;
  using Lane = Total;
  using Result = typename Sum<T>::Result;
  static constexpr Total start(T) { return 1; }
  static constexpr Lane lane_start(T) { return 1; }
  template <class U>
  static U combine(U a, U b) {
    return a * b;
  }
};

/// Starts with an element, which counts twice and changes nothing.
template <class T, BinaryOp op>
struct Extreme {
  using Total = T;
  using Lane = T;
  using Result = T;
  static constexpr Total start(T first) { return first; }
  static constexpr Lane lane_start(T first) { return first; }
  static T combine(T a, T b) { return Binary<op>::apply(a, b); }
};

/// Dense run into a total, through lanes.
template <class Fold, class T>
typename Fold::Total fold_dense(const T* x, int64_t count, typename Fold::Total total) {
  using Lane = typename Fold::Lane;
  for (int64_t begin = 0; begin < count; begin += kLaneBlock) {
    const int64_t end = std::min(count, begin + kLaneBlock);
    Lane lanes[kWidth];
    std::fill(lanes, lanes + kWidth, Fold::lane_start(x[0]));
    int64_t i = begin;
    for (; i + kWidth <= end; i += kWidth) {
      for (int64_t lane = 0; lane < kWidth; ++lane) {
        lanes[lane] = Fold::combine(lanes[lane], static_cast<Lane>(x[i + lane]));
      }
    }
    for (int64_t lane = 0; i < end; ++i, ++lane) lanes[lane] = Fold::combine(lanes[lane], static_cast<Lane>(x[i]));
    for (int64_t half = kWidth / 2; half > 0; half /= 2) {
      for (int64_t lane = 0; lane < half; ++lane) lanes[lane] = Fold::combine(lanes[lane], lanes[lane + half]);
    }
    total = Fold::combine(total, static_cast<typename Fold::Total>(lanes[0]));
  }
  return total;
}

/// Kept axes (walked by x and y) and reduced axes (walked by x alone).
struct Split {
  Shape kept, reduced;
  Strides kept_x, kept_y, reduced_x;

  Split(const Tensor& x, const Tensor& y) {
    for (int64_t axis = 0; axis < x.rank(); ++axis) {
      const int64_t size = x.shape()[axis];
      if (size == 1) continue;
      const bool is_kept = y.shape()[axis] == size;
      (is_kept ? kept : reduced).push_back(size);
      (is_kept ? kept_x : reduced_x).push_back(x.strides()[axis]);
      if (is_kept) kept_y.push_back(y.strides()[axis]);
    }
  }
};

template <class Fold, class T>
struct Reduction {
  using Total = typename Fold::Total;
  using Result = typename Fold::Result;
  Backend& backend;
  const T* x;
  Result* y;
  Pieces<2> kept;     ///< x, y
  Pieces<1> reduced;  ///< x

  /// Combines totals [groups][count] into y, outputs first .. first+count-1.
  void store(const Total* totals, int64_t groups, int64_t group_stride, int64_t first, int64_t count) const {
    int64_t i = 0;
    kept.visit(first, first + count, [&](const auto& offsets, int64_t run) {
      for (int64_t j = 0; j < run; ++j, ++i) {
        Total total = totals[i];
        for (int64_t g = 1; g < groups; ++g) total = Fold::combine(total, totals[g * group_stride + i]);
        y[offsets[1] + j * kept.inner_stride(1)] = static_cast<Result>(total);
      }
    });
  }

  Total fold_output(const T* from, int64_t begin, int64_t end) const {
    bool started = false;
    Total total{};
    reduced.visit(begin, end, [&](const auto& offsets, int64_t count) {
      const T* run = from + offsets[0];
      if (!started) total = Fold::start(*run);
      started = true;
      if (reduced.inner_stride(0) == 1) {
        total = fold_dense<Fold>(run, count, total);
      } else {
        for (int64_t i = 0; i < count; ++i) {
          total = Fold::combine(total, static_cast<Total>(run[i * reduced.inner_stride(0)]));
        }
      }
    });
    return total;
  }

  /// A reduced axis lies innermost: one output after the other.
  void by_rows() const {
    const int64_t outputs = kept.numel, groups = ceil_div(reduced.numel, kGroupRows);
    const Workspace<Total> totals(backend, groups * outputs);
    const int64_t grain = std::max<int64_t>(1, kTileElements / std::min(reduced.numel, kGroupRows));
    parallel_ranges(groups * outputs, grain, [&](int64_t begin, int64_t end) {
      run_elementwise<T>([&] {
        for (int64_t item = begin; item < end; ++item) {
          const int64_t first = item / outputs * kGroupRows, output = item % outputs;
          kept.visit(output, output + 1, [&](const auto& offsets, int64_t) {
            totals.data()[item] = fold_output(x + offsets[0], first, std::min(reduced.numel, first + kGroupRows));
          });
        }
      });
    });
    store(totals.data(), groups, outputs, 0, outputs);
  }

  void fold_columns(const T* from, int64_t stride, int64_t columns, int64_t begin, int64_t end, Total* totals) const {
    bool started = false;
    reduced.visit(begin, end, [&](const auto& offsets, int64_t count) {
      for (int64_t r = 0; r < count; ++r) {
        const T* row = from + offsets[0] + r * reduced.inner_stride(0);
        if (!started) {
          for (int64_t i = 0; i < columns; ++i) totals[i] = Fold::start(row[i * stride]);
          started = true;
        }
        if (stride == 1) {
          for (int64_t i = 0; i < columns; ++i) totals[i] = Fold::combine(totals[i], static_cast<Total>(row[i]));
        } else {
          for (int64_t i = 0; i < columns; ++i) {
            totals[i] = Fold::combine(totals[i], static_cast<Total>(row[i * stride]));
          }
        }
      }
    });
  }

  /// A kept axis lies innermost: blocks of outputs side by side, one row after the other.
  void by_columns() const {
    const int64_t columns = kept.shape[kept.rank - 1], blocks = ceil_div(columns, kColumnBlock);
    const int64_t outputs = kept.numel, groups = ceil_div(reduced.numel, kColumnGroup);
    const int64_t items = outputs / columns * blocks;
    const Workspace<Total> totals(backend, groups * outputs);
    const int64_t item_size = std::min(columns, kColumnBlock) * std::min(reduced.numel, kColumnGroup);
    parallel_ranges(groups * items, std::max<int64_t>(1, kTileElements / item_size), [&](int64_t begin, int64_t end) {
      run_elementwise<T>([&] {
        for (int64_t item = begin; item < end; ++item) {
          const int64_t group = item / items, block = item % blocks;
          const int64_t first = item % items / blocks * columns + block * kColumnBlock;
          const int64_t count = std::min(kColumnBlock, columns - block * kColumnBlock);
          kept.visit(first, first + 1, [&](const auto& offsets, int64_t) {
            fold_columns(x + offsets[0], kept.inner_stride(0), count, group * kColumnGroup,
                         std::min(reduced.numel, (group + 1) * kColumnGroup), totals.data() + group * outputs + first);
          });
        }
      });
    });
    parallel_ranges(outputs, std::max<int64_t>(1, kTileElements / groups), [&](int64_t begin, int64_t end) {
      store(totals.data() + begin, groups, outputs, begin, end - begin);
    });
  }
};

template <class Fold, class T>
void reduce_with(Backend& backend, const Tensor& x, const Tensor& y) {
  const Split split(x, y);
  const Reduction<Fold, T> reduction{backend, x.data<T>(), y.data<typename Fold::Result>(),
                                     Pieces<2>(split.kept, {split.kept_x, split.kept_y}),
                                     Pieces<1>(split.reduced, {split.reduced_x})};
  const int64_t kept_stride = split.kept.empty() ? 0 : split.kept_x.back();
  const int64_t reduced_stride = split.reduced.empty() ? 0 : split.reduced_x.back();
  const bool columns = !split.kept.empty() && reduced_stride != 1 &&
                       (kept_stride == 1 || (kept_stride > 0 && kept_stride < reduced_stride));
  if (columns) reduction.by_columns();
  else reduction.by_rows();
}

}  // namespace

void CpuBackend::reduce(ReduceOp op, const Tensor& x, const Tensor& y) {
  visit_dtype(x.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    switch (op) {
      case ReduceOp::sum: return reduce_with<Sum<T>, T>(*this, x, y);
      case ReduceOp::prod: return reduce_with<Prod<T>, T>(*this, x, y);
      case ReduceOp::max: return reduce_with<Extreme<T, BinaryOp::maximum>, T>(*this, x, y);
      case ReduceOp::min: return reduce_with<Extreme<T, BinaryOp::minimum>, T>(*this, x, y);
    }
  });
}

}  // namespace weft::cpu_kernels
