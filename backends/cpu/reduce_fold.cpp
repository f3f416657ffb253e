// backends/cpu/reduce_fold.cpp: sum, prod, max and min of every dtype
//
// A dense run goes through 16 lanes over short blocks: sums of float32 in float32, and the blocks in float64. A block
// whose lanes left their range is folded again in the wide type, so that no order of elements makes inf - inf, or 0
// inf.
#include "backends/cpu/reduce_fold.h"

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "backends/cpu/elementwise_loops.h"
#include "backends/scaled_product.h"

namespace weft::cpu_kernels {
namespace {

constexpr int64_t kLaneBlock = 512;  // elements that add up in float32 before they go to float64
constexpr int64_t kWidth = 16;
constexpr int64_t kLaneRows = 64, kLaneColumns = 64;  // of products down the columns

template <class T>
struct Sum {
  using Total = std::conditional_t<std::is_floating_point_v<T>, double, uint64_t>;  // unsigned: wrapping is defined
  using Lane = std::conditional_t<std::is_same_v<T, float>, float, Total>;
  using Result = std::conditional_t<std::is_floating_point_v<T>, T, int64_t>;
  static constexpr Total start(T) { return 0; }
  static constexpr Lane lane_start(T) { return 0; }
  static bool in_range(Lane lane) { return !std::is_same_v<Lane, float> || std::isfinite(lane); }
  template <class U>
  static U combine(U a, U b) {
    return a + b;
  }
};

template <class T>
struct Prod {
  using Lane = typename Sum<T>::Total;
  using Total = std::conditional_t<std::is_floating_point_v<T>, ScaledProduct<Lane>, Lane>;
  using Result = typename Sum<T>::Result;
  static Total start(T) { return Total(1); }
  static constexpr Lane lane_start(T) { return 1; }
  static bool in_range(Lane lane) {
    if constexpr (std::is_floating_point_v<T>) return std::isnormal(lane);
    else return true;
  }
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
  static constexpr bool in_range(Lane) { return true; }
  static T combine(T a, T b) { return Binary<op>::apply(a, b); }
};

/// Adds a block of which `lane` is the fold in the narrow type; where that left its range, the elements one by one.
template <class Rule, class T>
inline void add_block(typename Rule::Total& total, typename Rule::Lane lane, const T* x, int64_t stride,
                      int64_t count) {
  using Total = typename Rule::Total;
  if (Rule::in_range(lane)) {
    total = Rule::combine(total, static_cast<Total>(lane));
    return;
  }
  for (int64_t i = 0; i < count; ++i) total = Rule::combine(total, static_cast<Total>(x[i * stride]));
}

/// Dense run into a total, through lanes.
template <class Rule, class T>
inline typename Rule::Total fold_dense(const T* x, int64_t count, typename Rule::Total total) {
  using Lane = typename Rule::Lane;
  for (int64_t begin = 0; begin < count; begin += kLaneBlock) {
    const int64_t end = std::min(count, begin + kLaneBlock);
    Lane lanes[kWidth];
    std::fill(lanes, lanes + kWidth, Rule::lane_start(x[0]));
    int64_t i = begin;
    for (; i + kWidth <= end; i += kWidth) {
      for (int64_t lane = 0; lane < kWidth; ++lane) {
        lanes[lane] = Rule::combine(lanes[lane], static_cast<Lane>(x[i + lane]));
      }
    }
    for (int64_t lane = 0; i < end; ++i, ++lane) lanes[lane] = Rule::combine(lanes[lane], static_cast<Lane>(x[i]));
    for (int64_t half = kWidth / 2; half > 0; half /= 2) {
      for (int64_t lane = 0; lane < half; ++lane) lanes[lane] = Rule::combine(lanes[lane], lanes[lane + half]);
    }
    add_block<Rule>(total, lanes[0], x + begin, 1, end - begin);
  }
  return total;
}

/// One row into as many totals. ivdep: totals are a workspace, apart from x.
template <class Rule, class T>
inline void fold_row(const T* row, int64_t stride, int64_t count, typename Rule::Total* totals) {
  using Total = typename Rule::Total;
  if (stride == 1) {
#pragma GCC ivdep
    for (int64_t i = 0; i < count; ++i) totals[i] = Rule::combine(totals[i], static_cast<Total>(row[i]));
  } else {
    for (int64_t i = 0; i < count; ++i) totals[i] = Rule::combine(totals[i], static_cast<Total>(row[i * stride]));
  }
}

/// Products: blocks of rows in lanes, a few columns at a time. What left its range is multiplied again.
template <class Rule, class T>
inline void fold_rows_in_lanes(const T* first, int64_t row_stride, int64_t rows, int64_t stride, int64_t count,
                               typename Rule::Total* totals) {
  using Lane = typename Rule::Lane;
  for (int64_t column = 0; column < count; column += kLaneColumns) {
    const int64_t width = std::min(kLaneColumns, count - column);
    for (int64_t begin = 0; begin < rows; begin += kLaneRows) {
      const int64_t height = std::min(kLaneRows, rows - begin);
      const T* block = first + begin * row_stride + column * stride;
      Lane lanes[kLaneColumns];
      std::fill(lanes, lanes + kLaneColumns, Rule::lane_start(*block));
      for (int64_t r = 0; r < height; ++r) {
        for (int64_t i = 0; i < width; ++i) {
          lanes[i] = Rule::combine(lanes[i], static_cast<Lane>(block[r * row_stride + i * stride]));
        }
      }
      for (int64_t i = 0; i < width; ++i) {
        add_block<Rule>(totals[column + i], lanes[i], block + i * stride, row_stride, height);
      }
    }
  }
}

template <class Rule, class T>
class TypedFold final : public Fold {
 public:
  using Total = typename Rule::Total;
  using Result = typename Rule::Result;

  TypedFold(const T* x, Result* y) : x_(x), y_(y) {}

  int64_t total_size() const override { return sizeof(Total); }

  void start(int64_t at, int64_t stride, int64_t count, std::byte* totals) const override {
    for (int64_t i = 0; i < count; ++i) typed(totals)[i] = Rule::start(x_[at + i * stride]);
  }

  void add_run(int64_t at, int64_t stride, int64_t count, std::byte* total) const override {
    Total& sum = *typed(total);
    if (stride == 1) {
      run_elementwise<T>([&, run = x_ + at] { sum = fold_dense<Rule>(run, count, sum); });
    } else {
      for (int64_t i = 0; i < count; ++i) sum = Rule::combine(sum, static_cast<Total>(x_[at + i * stride]));
    }
  }

  void add_rows(int64_t at, int64_t row_stride, int64_t rows, int64_t stride, int64_t count,
                std::byte* totals) const override {
    run_elementwise<T>([&, first = x_ + at] {
      if constexpr (std::is_class_v<Total>) {
        fold_rows_in_lanes<Rule>(first, row_stride, rows, stride, count, typed(totals));
      } else {
        for (int64_t r = 0; r < rows; ++r) fold_row<Rule>(first + r * row_stride, stride, count, typed(totals));
      }
    });
  }

  void add_totals(const std::byte* more, int64_t count, std::byte* totals) const override {
    const auto* from = reinterpret_cast<const Total*>(more);
    for (int64_t i = 0; i < count; ++i) typed(totals)[i] = Rule::combine(typed(totals)[i], from[i]);
  }

  void store(const std::byte* totals, int64_t at, int64_t stride, int64_t count) const override {
    const auto* from = reinterpret_cast<const Total*>(totals);
    for (int64_t i = 0; i < count; ++i)
      y_[at + i * stride] = static_cast<Result>(static_cast<typename Rule::Lane>(from[i]));
  }

 private:
  static Total* typed(std::byte* totals) { return reinterpret_cast<Total*>(totals); }

  const T* x_;
  Result* y_;
};

template <class Rule, class T>
std::unique_ptr<const Fold> typed_fold(const Tensor& x, const Tensor& y) {
  return std::make_unique<TypedFold<Rule, T>>(x.data<T>(), y.data<typename Rule::Result>());
}

}  // namespace

std::unique_ptr<const Fold> make_fold(ReduceOp op, const Tensor& x, const Tensor& y) {
  return visit_dtype(x.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    switch (op) {
      case ReduceOp::sum: return typed_fold<Sum<T>, T>(x, y);
      case ReduceOp::prod: return typed_fold<Prod<T>, T>(x, y);
      case ReduceOp::max: return typed_fold<Extreme<T, BinaryOp::maximum>, T>(x, y);
      case ReduceOp::min: break;
    }
    return typed_fold<Extreme<T, BinaryOp::minimum>, T>(x, y);
  });
}

}  // namespace weft::cpu_kernels
