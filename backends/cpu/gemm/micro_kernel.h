// backends/cpu/gemm/micro_kernel.h: the inner loop of the own matrix product, and the layout it reads
//
// A panel holds a few rows of A (or columns of B), all that belongs to one k side by side: panel[k][lane]. The kernel
// walks down one panel of each and keeps a whole tile of the result in registers:
//   tile[row][column] += sum_k a[k][row] b[k][column]
// For rows + columns loads it does rows x columns multiply-adds: this is why a tile, and not a dot product.
#pragma once
#include <array>
#include <cstdint>

namespace weft::cpu_kernels {

/// Panels side by side. Lanes of the last one beyond `lanes` are zeros: they cost a little time, and nobody reads their
/// outputs.
template <class T>
struct PackJob {
  const T* from;
  int64_t lane_stride, depth_stride;  ///< of `from`, any
  int64_t lanes, depth;
  T* to;  ///< [panels][depth][width]
};

template <class T>
struct PanelPair {
  const T* a;  ///< [depth][kernel.rows]
  const T* b;  ///< [depth][kernel.columns]
  int64_t depth;
  T* out;  ///< [rows][kernel.columns]
  int64_t out_stride;
  bool add;  ///< to what `out` holds; else `out` is only written
};

template <class T>
struct MicroKernel {
  static constexpr int64_t kMostRows = 14, kMostColumns = 32;

  int64_t rows, columns;  ///< of a whole tile
  /// By how many rows of the tile are wanted, 1..rows.
  std::array<void (*)(const PanelPair<T>&), kMostRows + 1> multiply;
  void (*pack_rows)(const PackJob<T>&);     ///< into panels of width `rows`
  void (*pack_columns)(const PackJob<T>&);  ///< into panels of width `columns`
};

/// The fastest for the instruction set in use.
template <class T>
MicroKernel<T> micro_kernel();

}  // namespace weft::cpu_kernels
