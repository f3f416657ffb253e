// backends/cpu/gemm/prepacked.h: products whose factors are in panels already: one that many products share, as the
// weights of a recurrent layer, is packed once; another is packed by whoever makes it, while it is in cache
#pragma once
#include <algorithm>

#include "backends/cpu/ceil_div.h"
#include "backends/cpu/gemm/tile.h"
#include "backends/cpu/memory_pool.h"
#include "backends/cpu/thread_pool.h"

namespace weft::cpu_kernels {

/// Room for the rows of A or the columns of B, `width` (the kernel's) to a panel.
template <class T>
class PrepackedPanels {
 public:
  PrepackedPanels(Backend& backend, int64_t lanes, int64_t depth, int64_t width)
      : lanes_(lanes), depth_(depth), width_(width), memory_(backend, ceil_div(lanes, width) * width * depth) {}

  int64_t lanes() const { return lanes_; }
  int64_t depth() const { return depth_; }
  int64_t width() const { return width_; }
  int64_t count() const { return ceil_div(lanes_, width_); }
  T* panel(int64_t index) const { return memory_.data() + index * width_ * depth_; }
  /// The lanes that belong to a panel: the last one may have fewer.
  int64_t lanes_of(int64_t index) const { return std::min(width_, lanes_ - index * width_); }

 private:
  int64_t lanes_, depth_, width_;
  Workspace<T> memory_;
};

/// Fills all panels from an operand of any strides; `pack` is the kernel's function for this side.
template <class T>
void pack_all(const PrepackedPanels<T>& panels, void (*pack)(const PackJob<T>&), const T* from, int64_t lane_stride,
              int64_t depth_stride) {
  parallel_for(panels.count(), [&](int64_t index) {
    pack({from + index * panels.width() * lane_stride, lane_stride, depth_stride, panels.lanes_of(index),
          panels.depth(), panels.panel(index)});
  });
}

/// y = A B, y [rows of a][columns of b] with rows `row_stride` apart. A tile of the pool has all rows of some columns:
/// shapes alone decide.
template <class T>
void multiply_prepacked(const MicroKernel<T>& kernel, const PrepackedPanels<T>& a, const PrepackedPanels<T>& b, T* y,
                        int64_t row_stride) {
  constexpr int64_t kBlockDepth = 256;  // a panel of b stays in L1 while those of a pass
  constexpr int64_t kLeastFlops = int64_t{1} << 20;
  const int64_t depth = b.depth();
  const int64_t panels_a_tile = std::max<int64_t>(1, kLeastFlops / (2 * a.lanes() * kernel.columns * depth));
  parallel_ranges(b.count(), panels_a_tile, [&](int64_t begin, int64_t end) {
    for (int64_t column = begin; column < end; ++column) {
      for (int64_t first = 0; first < depth; first += kBlockDepth) {
        for (int64_t row = 0; row < a.count(); ++row) {
          multiply_tile<T>(kernel, a.panel(row) + first * kernel.rows, b.panel(column) + first * kernel.columns,
                           std::min(kBlockDepth, depth - first),
                           {y + row * kernel.rows * row_stride + column * kernel.columns, row_stride, 1,
                            a.lanes_of(row), b.lanes_of(column)},
                           first > 0);
        }
      }
    }
  });
}

}  // namespace weft::cpu_kernels
