// backends/gpu/gemm.h: C = A B by tiles, the one kernel behind products and convolutions
//
// A block owns a tile of C, and each of its 256 threads a few rows and columns of that tile, in registers. The block
// walks along the depth k in steps of 8: a panel of A (tile rows x 8) and one of B (8 x tile columns) are brought to
// shared memory, where every element is used by a whole row or column of threads: a 128 x 128 tile reads global memory
// once in 64 multiplications, a thread with 8 x 8 elements reads shared memory once in 4. While a panel is being
// multiplied the next one is on its way to registers, and then to the other of two buffers, so that one barrier a step
// is enough.
//
// What A and B are is told by two Panels. A Panel says where line i (a row of A, a column of B) and depth k lie, each
// worked out once and kept, and reads where they meet; so a convolution never writes down the matrix it multiplies.
//
// A tile alone cannot keep a card busy: where tiles are few and the product is deep, blocks share out the depth, and a
// second kernel adds up their parts in order. Shapes alone decide all this, so the bits are fixed.
#pragma once
#include <algorithm>
#include <cmath>

#include "backends/gpu/divider.h"
#include "backends/gpu/layout.h"
#include "backends/gpu/pack.h"
#include "tensor/create.h"

namespace weft::WEFT_GPU {

inline constexpr int kGemmThreads = 256, kGemmDepth = 8;
/// Terms of a float32 sum that are added one by one before the sum joins the total, where a thread has registers for
/// both: rounding errors of long sums stay small.
inline constexpr int kTermsOfSum = 32;

template <int rows_, int columns_, int thread_rows_, int thread_columns_>
struct GemmTile {
  static constexpr int rows = rows_, columns = columns_, thread_rows = thread_rows_, thread_columns = thread_columns_;
  static constexpr int threads_down = rows / thread_rows, threads_across = columns / thread_columns;
  static_assert(threads_down * threads_across == kGemmThreads);
};
using LargeTile = GemmTile<128, 128, 8, 8>;
using MediumTile = GemmTile<64, 64, 4, 4>;
using FlatTile = GemmTile<16, 256, 4, 4>;

/// Where each block's work lies: item number, row tiles first, to tile, part of the depth, and product of the batch.
struct GemmShape {
  int64_t batch, m, n, k;
  int64_t splits, split_depth;  // split_depth is a multiple of kGemmDepth
  Divider row_tiles, column_tiles, parts;

  GemmShape(int64_t batch, int64_t m, int64_t n, int64_t k, int64_t tile_rows, int64_t tile_columns)
      : batch(batch),
        m(m),
        n(n),
        k(k),
        row_tiles((m + tile_rows - 1) / tile_rows),
        column_tiles((n + tile_columns - 1) / tile_columns),
        parts(1) {
    split(1);
  }
  int64_t tiles() const { return batch * row_tiles.by() * column_tiles.by(); }
  void split(int64_t count) {
    split_depth = ((k + count - 1) / count + kGemmDepth - 1) / kGemmDepth * kGemmDepth;
    splits = (k + split_depth - 1) / split_depth;
    parts = Divider(splits);
  }
};

/// C's element (product, i, j) is to[product batch_stride + i row_stride + (j / plane) plane_stride + j % plane].
template <class T>
struct GemmOutput {
  gp<T> to;
  int64_t batch_stride, row_stride, plane_stride;
  Divider plane;

  __device__ __forceinline__ int64_t offset(int64_t product, int64_t column) const {
    const int64_t outer = plane.quotient(column);
    return product * batch_stride + outer * plane_stride + column - outer * plane.by();
  }
  /// [batch, m, n], all dense.
  static GemmOutput dense(T* to, int64_t m, int64_t n) { return {to, m * n, n, 0, Divider(n)}; }
};

/// A matrix as it lies in memory. along_depth: neighbours in depth are neighbours in memory. is_linear: where a line
/// lies follows from another one by line_stride, so that a thread keeps one position only. has_gaps: read() gives 0
/// where meets() says that the sum has no such term.
template <class T>
struct StridedPanel {
  gp<const T> from;
  int64_t batch_stride, line_stride, depth_stride;
  bool along_depth;

  static constexpr bool is_linear = true, has_gaps = false;
  using Position = int64_t;
  using Depth = int64_t;
  __device__ Position position(int64_t product, int64_t line) const {
    return product * batch_stride + line * line_stride;
  }
  __device__ Depth depth(int64_t k) const { return k * depth_stride; }
  __device__ T read(Position position, Depth depth) const { return from[position + depth]; }
};

/// A thread's part in bringing `lines` x kGemmDepth elements to shared memory: one depth, and a line in 32. The lanes
/// of a warp are spread so that they read neighbours: over 8 depths of 4 lines, or over 32 lines of one depth. The
/// panel lies by depth, each with a pack's space behind it, which keeps both ways of writing free of bank conflicts.
template <class T, int lines, class Panel>
struct PanelLoader {
  static constexpr int pitch = lines + kPackWidth<T>, size = pitch * kGemmDepth;
  static constexpr int count = lines * kGemmDepth > kGemmThreads ? lines* kGemmDepth / kGemmThreads : 1;
  static constexpr int step = lines < 32 ? lines : 32;

  int line, at_depth, lines_left;
  typename Panel::Position position[Panel::is_linear ? 1 : count];
  T value[count];

  __device__ __forceinline__ PanelLoader(const Panel& panel, int64_t product, int64_t first, int64_t end) {
    const int thread = static_cast<int>(threadIdx.x);
    line = panel.along_depth ? thread / kGemmDepth : thread % step;
    at_depth = panel.along_depth ? thread % kGemmDepth : thread / step;
    lines_left = static_cast<int>(end - first < lines ? end - first : lines);
    for (int c = 0; c < (Panel::is_linear ? 1 : count); ++c)
      position[c] = panel.position(product, has_line(c) ? first + line + c * step : first);
  }
  __device__ __forceinline__ bool has_line(int c) const { return line + c * step < lines_left; }
  __device__ __forceinline__ void fetch(const Panel& panel, int64_t k, int64_t k_end) {
    const bool has_depth = k + at_depth < k_end;
    const typename Panel::Depth depth = panel.depth(has_depth ? k + at_depth : k);
    for (int c = 0; c < count; ++c) {
      value[c] = 0;
      if (!has_depth || !has_line(c)) continue;
      if constexpr (Panel::is_linear) value[c] = panel.read(position[0] + c * step * panel.line_stride, depth);
      else value[c] = panel.read(position[c], depth);
    }
  }
  template <class Pointer>
  __device__ __forceinline__ void store(Pointer panel) const {
    if (at_depth >= kGemmDepth || line >= lines) return;  // a panel of 16 lines has work for half the threads
    for (int c = 0; c < count; ++c) panel[at_depth * pitch + line + c * step] = value[c];
  }
};

/// Where a thread's element e lies in its tile when `threads` threads share the axis: packs of neighbours, dealt out.
template <class T>
__device__ __forceinline__ int in_tile(int thread, int e, int threads) {
  return (e / kPackWidth<T> * threads + thread) * kPackWidth<T> + e % kPackWidth<T>;
}
template <class T, int count, class Pointer>
__device__ __forceinline__ void load_strip(Pointer line, int thread, int threads, T (&strip)[count]) {
  for (int e = 0; e < count; e += kPackWidth<T>) {
    const auto pack = ldv<Pack<T, kPackWidth<T>>>(line + in_tile<T>(thread, e, threads));
    for (int v = 0; v < kPackWidth<T>; ++v) strip[e + v] = pack.at[v];
  }
}

/// C's element over a part of the depth, without what B's gaps add to it: infinity in A times their 0 is NaN.
template <class T, class A, class B>
__device__ T sum_without_gaps(const A& a, const B& b, int64_t product, int64_t row, int64_t column, int64_t begin,
                              int64_t end) {
  const auto in_a = a.position(product, row);
  const auto in_b = b.position(product, column);
  T total = 0;
  for (int64_t k = begin; k < end; ++k) {
    const auto depth = b.depth(k);
    if (b.meets(in_b, depth)) total = std::fma(a.read(in_a, a.depth(k)), b.read(in_b, depth), total);
  }
  return total;
}

template <class T, class Tile, class A, class B>
__global__ void __launch_bounds__(kGemmThreads, sizeof(T) == 4 ? 2 : 1)
    gemm_kernel(GemmShape shape, A a, B b, GemmOutput<T> c) {
  using ALoader = PanelLoader<T, Tile::rows, A>;
  using BLoader = PanelLoader<T, Tile::columns, B>;
  constexpr int buffer_size = ALoader::size + BLoader::size;
  WEFT_DYN_SHARED(T, shared);
  const int down = static_cast<int>(threadIdx.x) / Tile::threads_across;
  const int across = static_cast<int>(threadIdx.x) % Tile::threads_across;
  const int64_t items = shape.batch * shape.row_tiles.by() * shape.column_tiles.by() * shape.splits;
  for (int64_t item = blockIdx.x; item < items; item += gridDim.x) {
    const int64_t column_item = shape.row_tiles.quotient(item), part_item = shape.column_tiles.quotient(column_item);
    const int64_t first_row = (item - column_item * shape.row_tiles.by()) * Tile::rows;
    const int64_t first_column = (column_item - part_item * shape.column_tiles.by()) * Tile::columns;
    const int64_t product = shape.parts.quotient(part_item), part = part_item - product * shape.splits;
    const int64_t begin = part * shape.split_depth, part_end = begin + shape.split_depth;
    const int64_t end = part_end < shape.k ? part_end : shape.k;

    ALoader a_loader(a, product, first_row, shape.m);
    BLoader b_loader(b, product, first_column, shape.n);
    // A thread beyond the edge only helps with the panels.
    const bool multiplies = first_row + in_tile<T>(down, 0, Tile::threads_down) < shape.m &&
                            first_column + in_tile<T>(across, 0, Tile::threads_across) < shape.n;
    constexpr bool two_levels = sizeof(T) == 4 && Tile::thread_rows * Tile::thread_columns <= 16;
    T total[Tile::thread_rows][Tile::thread_columns] = {}, sum[Tile::thread_rows][Tile::thread_columns] = {};
    a_loader.fetch(a, begin, end);
    b_loader.fetch(b, begin, end);
    a_loader.store(shared);
    b_loader.store(shared + ALoader::size);
    __syncthreads();
    int buffer = 0;
    for (int64_t k = begin; k < end; k += kGemmDepth) {
      const bool more = k + kGemmDepth < end;
      if (more) {
        a_loader.fetch(a, k + kGemmDepth, end);
        b_loader.fetch(b, k + kGemmDepth, end);
      }
      const auto panel = shared + buffer * buffer_size;
      for (int d = 0; multiplies && d < kGemmDepth; ++d) {
        T rows[Tile::thread_rows], columns[Tile::thread_columns];
        load_strip(panel + d * ALoader::pitch, down, Tile::threads_down, rows);
        load_strip(panel + ALoader::size + d * BLoader::pitch, across, Tile::threads_across, columns);
        for (int i = 0; i < Tile::thread_rows; ++i)
          for (int j = 0; j < Tile::thread_columns; ++j) sum[i][j] = std::fma(rows[i], columns[j], sum[i][j]);
      }
      if (two_levels && ((k - begin) % kTermsOfSum == kTermsOfSum - kGemmDepth || !more)) {
        for (int i = 0; i < Tile::thread_rows; ++i)
          for (int j = 0; j < Tile::thread_columns; ++j) total[i][j] += sum[i][j], sum[i][j] = 0;
      }
      buffer = 1 - buffer;
      if (more) {
        a_loader.store(shared + buffer * buffer_size);
        b_loader.store(shared + buffer * buffer_size + ALoader::size);
      }
      __syncthreads();
    }

    const int64_t part_at = part * shape.batch * shape.m * shape.n;
    uint64_t not_finite = 0;  // a bit for each element of the thread
    for (int j = 0; j < Tile::thread_columns; ++j) {
      const int64_t column = first_column + in_tile<T>(across, j, Tile::threads_across);
      if (column >= shape.n) continue;
      const int64_t at = part_at + c.offset(product, column);
      for (int i = 0; i < Tile::thread_rows; ++i) {
        const int64_t row = first_row + in_tile<T>(down, i, Tile::threads_down);
        if (row >= shape.m) continue;
        const T value = two_levels ? total[i][j] : sum[i][j];
        c.to[at + row * c.row_stride] = value;
        if (!(value - value == 0)) not_finite |= uint64_t{1} << (i * Tile::thread_columns + j);
      }
    }
    if constexpr (B::has_gaps) {
      for (int e = 0; not_finite != 0; ++e, not_finite >>= 1) {
        if (not_finite % 2 == 0) continue;
        const int64_t row = first_row + in_tile<T>(down, e / Tile::thread_columns, Tile::threads_down);
        const int64_t column = first_column + in_tile<T>(across, e % Tile::thread_columns, Tile::threads_across);
        c.to[part_at + c.offset(product, column) + row * c.row_stride] =
            sum_without_gaps<T>(a, b, product, row, column, begin, end);
      }
    }
  }
}

/// y[i] = sum_s parts[s, i]: 32 neighbours and 8 shares of the parts a block, so that the card reads whole lines.
template <class T>
__global__ void __launch_bounds__(kGemmThreads) sum_parts(gp<const T> parts, int64_t count, int64_t size, gp<T> y) {
  constexpr int shares = kGemmThreads / 32;
  WEFT_SHARED(T, totals, shares, 32);
  const int lane = static_cast<int>(threadIdx.x) % 32, share = static_cast<int>(threadIdx.x) / 32;
  for (int64_t first = static_cast<int64_t>(blockIdx.x) * 32; first < size;
       first += static_cast<int64_t>(gridDim.x) * 32) {
    const int64_t i = first + lane;
    T total = 0;
    if (i < size)
      for (int64_t s = share; s < count; s += shares) total += parts[s * size + i];
    totals[share][lane] = total;
    __syncthreads();
    if (share == 0 && i < size) {
      for (int s = 1; s < shares; ++s) total += totals[s][lane];
      y[i] = total;
    }
    __syncthreads();
  }
}

template <class T, class Tile, class A, class B>
void gemm_by_tile(int64_t batch, int64_t m, int64_t n, int64_t k, const A& a, const B& b, const GemmOutput<T>& c,
                  Device device) {
  constexpr int64_t kBlocksWanted = 256, kLeastDepth = 512;
  GemmShape shape(batch, m, n, k, Tile::rows, Tile::columns);
  const bool is_dense = c.row_stride == n && c.batch_stride == m * n && c.plane.by() == n;
  const int64_t splits = is_dense ? std::min(kBlocksWanted / shape.tiles(), k / kLeastDepth) : 1;
  constexpr size_t bytes =
      2 * sizeof(T) * (PanelLoader<T, Tile::rows, A>::size + PanelLoader<T, Tile::columns, B>::size);
  if (splits < 2)
    return launch(gemm_kernel<T, Tile, A, B>, grid_of(shape.tiles(), 1), kGemmThreads, bytes, shape, a, b, c);
  shape.split(splits);
  const Tensor parts = empty({shape.splits, batch, m, n}, {.dtype = dtype_of<T>, .device = device});
  launch(gemm_kernel<T, Tile, A, B>, grid_of(shape.tiles() * shape.splits, 1), kGemmThreads, bytes, shape, a, b,
         GemmOutput<T>::dense(parts.data<T>(), m, n));
  launch(sum_parts<T>, grid_of(batch * m * n, 32), kGemmThreads, 0, static_cast<const T*>(parts.data<T>()),
         shape.splits, batch * m * n, c.to);
}

/// C = A B for each product of the batch; `a` has m lines, `b` has n.
template <class T, class A, class B>
void gemm(int64_t batch, int64_t m, int64_t n, int64_t k, const A& a, const B& b, const GemmOutput<T>& c,
          Device device) {
  constexpr int64_t kManyTiles = 128;  // smaller tiles where large ones would leave processors idle
  if (m <= 32 && n >= 64) return gemm_by_tile<T, FlatTile>(batch, m, n, k, a, b, c, device);
  if constexpr (sizeof(T) == 4) {  // of doubles a thread has no registers for 8 x 8
    if (m > 64 && n > 64 && GemmShape(batch, m, n, k, LargeTile::rows, LargeTile::columns).tiles() >= kManyTiles)
      return gemm_by_tile<T, LargeTile>(batch, m, n, k, a, b, c, device);
  }
  gemm_by_tile<T, MediumTile>(batch, m, n, k, a, b, c, device);
}

}  // namespace weft::WEFT_GPU
