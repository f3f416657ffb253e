// backends/cpu/reduce.cpp: many elements to one, in a fixed tree
//
// The reduced positions of an output are cut into groups by their number alone. A group is one tile; the groups'
// totals are combined in order.
#include "backends/cpu/backend_class.h"
#include "backends/cpu/ceil_div.h"
#include "backends/cpu/reduce_fold.h"
#include "backends/cpu/strided_pieces.h"
#include "backends/cpu/thread_pool.h"

namespace weft::cpu_kernels {
namespace {

constexpr int64_t kGroupRows = 65536;  // positions a group when the reduced axis is innermost
constexpr int64_t kColumnBlock = 256;  // outputs side by side when a kept axis is innermost
constexpr int64_t kColumnGroup = 256;  // positions a group then

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

  /// A kept axis lies innermost in x.
  bool by_columns() const {
    const int64_t kept_stride = kept.empty() ? 0 : kept_x.back();
    const int64_t reduced_stride = reduced.empty() ? 0 : reduced_x.back();
    return !kept.empty() && reduced_stride != 1 &&
           (kept_stride == 1 || (kept_stride > 0 && kept_stride < reduced_stride));
  }
};

struct Reduction {
  Backend& backend;
  const Fold& fold;
  Pieces<2> kept;     ///< x, y
  Pieces<1> reduced;  ///< x

  int64_t total_size() const { return fold.total_size(); }

  /// Combines totals [groups][outputs] and stores outputs begin .. end-1.
  void store(std::byte* totals, int64_t groups, int64_t begin, int64_t end) const {
    std::byte* first = totals + begin * total_size();
    for (int64_t g = 1; g < groups; ++g) fold.add_totals(first + g * kept.numel * total_size(), end - begin, first);
    kept.visit(begin, end, [&](const auto& offsets, int64_t count) {
      fold.store(first, offsets[1], kept.inner_stride(1), count);
      first += count * total_size();
    });
  }

  /// Positions begin .. end-1 of the output whose elements lie from `at` on.
  void fold_output(int64_t at, int64_t begin, int64_t end, std::byte* total) const {
    bool started = false;
    reduced.visit(begin, end, [&](const auto& offsets, int64_t count) {
      if (!started) fold.start(at + offsets[0], 0, 1, total);
      started = true;
      fold.add_run(at + offsets[0], reduced.inner_stride(0), count, total);
    });
  }

  /// A reduced axis lies innermost: one output after the other.
  void by_rows() const {
    const int64_t outputs = kept.numel, groups = ceil_div(reduced.numel, kGroupRows);
    const Workspace<std::byte> totals(backend, groups * outputs * total_size());
    const int64_t grain = std::max<int64_t>(1, kTileElements / std::min(reduced.numel, kGroupRows));
    parallel_ranges(groups * outputs, grain, [&](int64_t begin, int64_t end) {
      for (int64_t item = begin; item < end; ++item) {
        const int64_t first = item / outputs * kGroupRows, output = item % outputs;
        kept.visit(output, output + 1, [&](const auto& offsets, int64_t) {
          fold_output(offsets[0], first, std::min(reduced.numel, first + kGroupRows),
                      totals.data() + item * total_size());
        });
      }
    });
    store(totals.data(), groups, 0, outputs);
  }

  /// Positions begin .. end-1 of `columns` outputs side by side, the first at `at`.
  void fold_columns(int64_t at, int64_t columns, int64_t begin, int64_t end, std::byte* totals) const {
    const int64_t stride = kept.inner_stride(0);
    bool started = false;
    reduced.visit(begin, end, [&](const auto& offsets, int64_t count) {
      if (!started) fold.start(at + offsets[0], stride, columns, totals);
      started = true;
      fold.add_rows(at + offsets[0], reduced.inner_stride(0), count, stride, columns, totals);
    });
  }

  /// A kept axis lies innermost: blocks of outputs side by side, one row after the other.
  void by_columns() const {
    const int64_t columns = kept.shape[kept.rank - 1], blocks = ceil_div(columns, kColumnBlock);
    const int64_t outputs = kept.numel, groups = ceil_div(reduced.numel, kColumnGroup);
    const int64_t items = outputs / columns * blocks;
    const Workspace<std::byte> totals(backend, groups * outputs * total_size());
    const int64_t item_size = std::min(columns, kColumnBlock) * std::min(reduced.numel, kColumnGroup);
    parallel_ranges(groups * items, std::max<int64_t>(1, kTileElements / item_size), [&](int64_t begin, int64_t end) {
      for (int64_t item = begin; item < end; ++item) {
        const int64_t group = item / items, block = item % blocks;
        const int64_t first = item % items / blocks * columns + block * kColumnBlock;
        const int64_t count = std::min(kColumnBlock, columns - block * kColumnBlock);
        kept.visit(first, first + 1, [&](const auto& offsets, int64_t) {
          fold_columns(offsets[0], count, group * kColumnGroup, std::min(reduced.numel, (group + 1) * kColumnGroup),
                       totals.data() + (group * outputs + first) * total_size());
        });
      }
    });
    parallel_ranges(outputs, std::max<int64_t>(1, kTileElements / groups),
                    [&](int64_t begin, int64_t end) { store(totals.data(), groups, begin, end); });
  }
};

}  // namespace

void CpuBackend::reduce(ReduceOp op, const Tensor& x, const Tensor& y) {
  const Split split(x, y);
  const std::unique_ptr<const Fold> fold = make_fold(op, x, y);
  const Reduction reduction{*this, *fold, Pieces<2>(split.kept, {split.kept_x, split.kept_y}),
                            Pieces<1>(split.reduced, {split.reduced_x})};
  if (split.by_columns()) reduction.by_columns();
  else reduction.by_rows();
}

}  // namespace weft::cpu_kernels
