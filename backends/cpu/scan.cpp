// backends/cpu/scan.cpp: running sums and products
//
// Slices are cut into blocks by position alone. Every block is folded, the blocks' totals are scanned, and then every
// block is scanned from the total before it: so the bits do not depend on the threads.
#include <type_traits>

#include "backends/cpu/backend_class.h"
#include "backends/cpu/strided_pieces.h"
#include "backends/cpu/thread_pool.h"

namespace weft::cpu_kernels {
namespace {

constexpr int64_t kBlock = 4096;     // positions of a slice that are scanned in one go: each add rounds
constexpr int64_t kSideBySide = 64;  // slices that advance together when they lie closer than their elements

template <ScanOp op>
struct Rule {
  template <class Total>
  static constexpr Total neutral = op == ScanOp::sum ? 0 : 1;
  template <class Total>
  static Total combine(Total a, Total b) {
    return op == ScanOp::sum ? a + b : a * b;
  }
};

template <class T, ScanOp op>
class Scan {
 public:
  using Total = std::conditional_t<std::is_floating_point_v<T>, double, uint64_t>;  // unsigned: wrapping is defined
  using Result = std::conditional_t<std::is_floating_point_v<T>, T, int64_t>;

  Scan(From from, const Tensor& x, int64_t axis, const Tensor& y)
      : backend_(x.backend()),
        size_(x.shape()[axis]),
        blocks_(ceil_div(size_, kBlock)),
        x_step_(from == From::first ? x.strides()[axis] : -x.strides()[axis]),
        y_step_(from == From::first ? y.strides()[axis] : -y.strides()[axis]),
        x_(x.data<T>() + (from == From::first ? 0 : (size_ - 1) * x.strides()[axis])),
        y_(y.data<Result>() + (from == From::first ? 0 : (size_ - 1) * y.strides()[axis])),
        slices_(without(x.shape(), axis), {without(x.strides(), axis), without(y.strides(), axis)}) {}

  void run() const {
    const int64_t items = slices_.numel * blocks_;
    const Workspace<Total> starts(backend_, items);  // [blocks][slices]
    std::fill(starts.data(), starts.data() + items, kNeutral);
    if (blocks_ > 1) {
      each_block([&](int64_t slice, int64_t block, int64_t count, int64_t xi, int64_t) {
        fold(xi, block, count, starts.data() + block * slices_.numel + slice);
      });
      exclusive_scan(starts.data());
    }
    each_block([&](int64_t slice, int64_t block, int64_t count, int64_t xi, int64_t yi) {
      scan(xi, yi, block, count, starts.data() + block * slices_.numel + slice);
    });
  }

 private:
  static constexpr Total kNeutral = Rule<op>::template neutral<Total>;

  static Dims without(Dims dims, int64_t axis) {
    dims.erase(axis);
    return dims;
  }

  int64_t xs() const { return slices_.inner_stride(0); }
  int64_t ys() const { return slices_.inner_stride(1); }
  int64_t block_size(int64_t block) const { return std::min(kBlock, size_ - block * kBlock); }

  /// Calls f(slice, block, count, xi, yi) for `count` slices side by side, whose elements lie from xi and yi on.
  template <class F>
  void each_block(const F& f) const {
    const int64_t together = std::abs(x_step_) == 1 ? 1 : kSideBySide;
    const int64_t grain = std::max<int64_t>(1, kTileElements / std::min(size_, kBlock));
    const int64_t ranges = ceil_div(slices_.numel, grain);
    parallel_for(ranges * blocks_, [&](int64_t tile) {
      const int64_t begin = tile % ranges * grain, end = std::min(slices_.numel, begin + grain);
      int64_t slice = begin;
      slices_.visit(begin, end, [&](const auto& at, int64_t run) {
        for (int64_t i = 0; i < run; i += together) {
          f(slice + i, tile / ranges, std::min(together, run - i), at[0] + i * xs(), at[1] + i * ys());
        }
        slice += run;
      });
    });
  }

  void fold(int64_t xi, int64_t block, int64_t count, Total* totals) const {
    const T* from = x_ + xi + block * kBlock * x_step_;
    for (int64_t i = 0; i < block_size(block); ++i) {
      for (int64_t s = 0; s < count; ++s) {
        totals[s] = Rule<op>::combine(totals[s], static_cast<Total>(from[i * x_step_ + s * xs()]));
      }
    }
  }

  void scan(int64_t xi, int64_t yi, int64_t block, int64_t count, Total* totals) const {
    const T* from = x_ + xi + block * kBlock * x_step_;
    Result* to = y_ + yi + block * kBlock * y_step_;
    for (int64_t i = 0; i < block_size(block); ++i) {
      for (int64_t s = 0; s < count; ++s) {
        totals[s] = Rule<op>::combine(totals[s], static_cast<Total>(from[i * x_step_ + s * xs()]));
        to[i * y_step_ + s * ys()] = static_cast<Result>(totals[s]);
      }
    }
  }

  /// The totals of the blocks become those of all blocks before each.
  void exclusive_scan(Total* totals) const {
    for (int64_t slice = 0; slice < slices_.numel; ++slice) {
      Total before = kNeutral;
      for (int64_t block = 0; block < blocks_; ++block) {
        Total& total = totals[block * slices_.numel + slice];
        const Total with = Rule<op>::combine(before, total);
        total = before;
        before = with;
      }
    }
  }

  Backend& backend_;
  int64_t size_, blocks_, x_step_, y_step_;
  const T* x_;
  Result* y_;
  Pieces<2> slices_;  ///< x, y
};

}  // namespace

void CpuBackend::scan(ScanOp op, From from, const Tensor& x, int64_t axis, const Tensor& y) {
  visit_dtype(x.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    switch (op) {
      case ScanOp::sum: return Scan<T, ScanOp::sum>(from, x, axis, y).run();
      case ScanOp::prod: return Scan<T, ScanOp::prod>(from, x, axis, y).run();
    }
  });
}

}  // namespace weft::cpu_kernels
