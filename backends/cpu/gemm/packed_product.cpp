// backends/cpu/gemm/packed_product.cpp: which panel meets which, and in which cache it lies then
//
// The longer of m and n is cut into strips, one tile of the pool each. The strips' operand is packed by the tile that
// uses it, a block at a time, so it is in that core's cache when it is multiplied. The other operand, which all strips
// share, is packed first, by all cores. So each element is packed once.
//
//   registers  a tile of y
//   L1         one panel of B: kMostDepth x kernel.columns
//   L2         panels of A: kRowBlock rows; the strip's block
//   L3         the shared operand, kSharedBytes of it
#include "backends/cpu/gemm/packed_product.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "backends/cpu/ceil_div.h"
#include "backends/cpu/gemm/tile.h"
#include "backends/cpu/memory_pool.h"
#include "backends/cpu/thread_pool.h"

namespace weft::cpu_kernels {
namespace {

constexpr int64_t kMostDepth = 256;
constexpr int64_t kRowBlock = 144;
constexpr int64_t kSharedBytes = int64_t{4} << 20;
constexpr int64_t kTileFlops = int64_t{1} << 20;  // below this, waking a thread costs more than it gains
constexpr int64_t kTiles = 16;
constexpr int64_t kLeastStrip = 48;    // narrower ones wait for the shared operand
constexpr int64_t kMostStrip = 256;    // wider ones leave L2
constexpr int64_t kLeastSlice = 1024;  // of depth: adding slices up costs as much as 16 or so of their k

/// `lanes` with those that fill up the last panel.
constexpr int64_t whole_panels(int64_t lanes, int64_t width) { return ceil_div(lanes, width) * width; }

/// How one product is cut. Only sizes decide.
struct Cut {
  int64_t strip, strips;  ///< lanes a strip, a multiple of the panel's width; how many
  int64_t slices;         ///< few outputs of great depth: the depth is cut too, and the slices' sums added in order
  int64_t slice_depth;
  int64_t depth;  ///< of a block
  int64_t chunk;  ///< of a slice's depth: what is packed of the shared operand at a time

  Cut(int64_t lanes, int64_t width, int64_t shared_bytes, double flops, int64_t k) {
    const auto wish = static_cast<int64_t>(std::clamp<double>(flops / kTileFlops, 1, kTiles));
    strip = std::min(whole_panels(std::max(ceil_div(lanes, wish), std::min(lanes, kLeastStrip)), width),
                     whole_panels(kMostStrip, width));
    strips = ceil_div(lanes, strip);
    slices = std::clamp<int64_t>(std::min(wish / strips, k / kLeastSlice), 1, kTiles);
    slice_depth = ceil_div(k, slices);
    slices = ceil_div(k, slice_depth);
    depth = ceil_div(slice_depth, ceil_div(slice_depth, kMostDepth));
    chunk = std::max<int64_t>(1, kSharedBytes / (shared_bytes * depth * slices)) * depth;
  }
};

/// An operand with all of its lanes, cut into panels.
template <class T>
struct Panels {
  typename PackedProduct<T>::Operand operand;
  int64_t lanes, width;
  void (*pack)(const PackJob<T>&);

  int64_t count() const { return ceil_div(lanes, width); }
  /// Panels first_panel .. first_panel + panels of the depth first .. first + depth.
  void pack_some(int64_t first_panel, int64_t panels, int64_t first, int64_t depth, T* to) const {
    const int64_t lane = first_panel * width;
    pack({operand.data + lane * operand.lane_stride + first * operand.depth_stride, operand.lane_stride,
          operand.depth_stride, std::min(panels * width, lanes - lane), depth, to});
  }
};

template <class T>
class PackedRun {
 public:
  PackedRun(Backend& backend, const MicroKernel<T>& kernel, const PackedProduct<T>& product)
      : backend_(backend),
        kernel_(kernel),
        p_(product),
        a_{p_.a, p_.m, kernel.rows, kernel.pack_rows},
        b_{p_.b, p_.n, kernel.columns, kernel.pack_columns},
        strips_of_b_(p_.n >= p_.m),
        own_(strips_of_b_ ? b_ : a_),
        shared_(strips_of_b_ ? a_ : b_),
        cut_(own_.lanes, own_.width, shared_lanes() * int64_t{sizeof(T)},
             2.0 * static_cast<double>(p_.m) * static_cast<double>(p_.n) * static_cast<double>(p_.k), p_.k) {}

  void run() {
    const int64_t numel = p_.m * p_.n;
    // Slice 0 goes straight to y, the others beside it.
    std::optional<Workspace<T>> others;
    if (cut_.slices > 1) others.emplace(backend_, (cut_.slices - 1) * numel);
    const int64_t chunk = std::min(cut_.chunk, cut_.slice_depth), slice_size = chunk * shared_lanes();
    const Workspace<T> shared(backend_, cut_.slices * slice_size);
    for (int64_t first = 0; first < cut_.slice_depth; first += chunk) {
      pack_shared(first, chunk, shared.data(), slice_size);
      parallel_for(cut_.slices * cut_.strips, [&](int64_t tile) {
        const int64_t slice = tile / cut_.strips, strip = tile % cut_.strips;
        typename PackedProduct<T>::Output y = p_.y;
        if (slice > 0) y = {others->data() + (slice - 1) * numel, p_.n, 1};
        run_strip(strip, slice, first, chunk, shared.data() + slice * slice_size, y);
      });
    }
    if (cut_.slices > 1) add_slices(others->data(), numel);
  }

 private:
  int64_t shared_lanes() const { return shared_.count() * shared_.width; }

  /// Where a slice's depth ends.
  int64_t end_of(int64_t slice) const { return std::min(p_.k, (slice + 1) * cut_.slice_depth); }

  /// Calls f(first, depth, offset) for each block of a slice's chunk.
  template <class F>
  void for_each_block(int64_t slice, int64_t chunk_first, int64_t chunk, F&& f) const {
    const int64_t begin = slice * cut_.slice_depth + chunk_first, end = std::min(end_of(slice), begin + chunk);
    for (int64_t first = begin; first < end; first += cut_.depth)
      f(first, std::min(cut_.depth, end - first), first - begin);
  }

  void pack_shared(int64_t chunk_first, int64_t chunk, T* to, int64_t slice_size) const {
    const int64_t panels = shared_.count();
    const int64_t group = std::clamp<int64_t>(16384 / (shared_.width * chunk), 1, panels),
                  groups = ceil_div(panels, group);
    parallel_for(cut_.slices * groups, [&](int64_t item) {
      const int64_t slice = item / groups, panel = item % groups * group, count = std::min(group, panels - panel);
      for_each_block(slice, chunk_first, chunk, [&](int64_t first, int64_t depth, int64_t offset) {
        shared_.pack_some(panel, count, first, depth,
                          to + slice * slice_size + offset * shared_lanes() + panel * shared_.width * depth);
      });
    });
  }

  void run_strip(int64_t strip, int64_t slice, int64_t chunk_first, int64_t chunk, const T* shared,
                 typename PackedProduct<T>::Output y) const {
    const int64_t first_lane = strip * cut_.strip, lanes = std::min(cut_.strip, own_.lanes - first_lane);
    const int64_t first_panel = first_lane / own_.width, panels = ceil_div(lanes, own_.width);
    y.data += first_lane * (strips_of_b_ ? y.column_stride : y.row_stride);
    const Workspace<T> block(backend_, panels * own_.width * cut_.depth);
    for_each_block(slice, chunk_first, chunk, [&](int64_t first, int64_t depth, int64_t offset) {
      own_.pack_some(first_panel, panels, first, depth, block.data());
      const T* all = shared + offset * shared_lanes();
      const bool add = first > slice * cut_.slice_depth;
      if (strips_of_b_) {
        multiply(all, block.data(), p_.m, lanes, depth, y, add);
      } else {
        multiply(block.data(), all, lanes, p_.n, depth, y, add);
      }
    });
  }

  /// Packed panels of A times packed panels of B. A block of A stays in L2 while all panels of B pass, each once.
  void multiply(const T* a, const T* b, int64_t rows, int64_t columns, int64_t depth,
                const typename PackedProduct<T>::Output& y, bool add) const {
    const int64_t block = whole_panels(kRowBlock, kernel_.rows);
    for (int64_t top = 0; top < rows; top += block) {
      for (int64_t column = 0; column < columns; column += kernel_.columns) {
        for (int64_t row = top; row < std::min(rows, top + block); row += kernel_.rows) {
          multiply_tile<T>(kernel_, a + row * depth, b + column * depth, depth,
                           {y.data + row * y.row_stride + column * y.column_stride, y.row_stride, y.column_stride,
                            std::min(kernel_.rows, rows - row), std::min(kernel_.columns, columns - column)},
                           add);
        }
      }
    }
  }

  void add_slices(const T* others, int64_t numel) const {
    parallel_ranges(p_.m, std::max<int64_t>(1, 32768 / (p_.n * cut_.slices)), [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; ++row) {
        for (int64_t column = 0; column < p_.n; ++column) {
          T& out = p_.y.data[row * p_.y.row_stride + column * p_.y.column_stride];
          T total = out;
          for (int64_t slice = 1; slice < cut_.slices; ++slice) {
            total += others[(slice - 1) * numel + row * p_.n + column];
          }
          out = total;
        }
      }
    });
  }

  Backend& backend_;
  const MicroKernel<T>& kernel_;
  const PackedProduct<T>& p_;
  Panels<T> a_, b_;
  bool strips_of_b_;
  const Panels<T>& own_;
  const Panels<T>& shared_;
  Cut cut_;
};

/// y^T = B^T A^T.
template <class T>
PackedProduct<T> transposed(const PackedProduct<T>& p) {
  return {p.n, p.m, p.k, p.b, p.a, {p.y.data, p.y.column_stride, p.y.row_stride}};
}

/// What the kernel computes, zeros beside the operands too.
template <class T>
double padded_area(const PackedProduct<T>& p, const MicroKernel<T>& kernel) {
  return static_cast<double>(p.m) * static_cast<double>(whole_panels(p.n, kernel.columns));
}

}  // namespace

template <class T>
void run(Backend& backend, const MicroKernel<T>& kernel, PackedProduct<T> product) {
  // The kernel writes whole registers along the columns of y; along few of them, or across memory, it would write few.
  const PackedProduct<T> turned = transposed(product);
  const double cost = product.y.column_stride == 1 ? 0.9 : 1;
  const double turned_cost = product.y.row_stride == 1 ? 0.9 : 1;
  if (turned_cost * padded_area(turned, kernel) < cost * padded_area(product, kernel)) product = turned;
  PackedRun<T>(backend, kernel, product).run();
}

template void run(Backend&, const MicroKernel<float>&, PackedProduct<float>);
template void run(Backend&, const MicroKernel<double>&, PackedProduct<double>);

}  // namespace weft::cpu_kernels
