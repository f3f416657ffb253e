// backends/cpu/gemm/tile.h: one tile of a product, from panels into memory
#pragma once
#include <cstdint>

#include "backends/cpu/gemm/micro_kernel.h"

namespace weft::cpu_kernels {

/// Where a tile of y lies, and what of it is wanted: up to kernel.rows rows and kernel.columns columns.
template <class T>
struct TileOf {
  T* data;
  int64_t row_stride, column_stride;
  int64_t rows, columns;
};

/// y (+)= panel of A times panel of B, `depth` deep. A tile that is not whole, or whose columns do not lie side by
/// side, is computed aside and its part copied.
template <class T>
void multiply_tile(const MicroKernel<T>& kernel, const T* a, const T* b, int64_t depth, const TileOf<T>& y, bool add) {
  const auto& multiply = kernel.multiply[static_cast<size_t>(y.rows)];
  if (y.columns == kernel.columns && y.column_stride == 1) return multiply({a, b, depth, y.data, y.row_stride, add});
  alignas(64) T aside[MicroKernel<T>::kMostRows * MicroKernel<T>::kMostColumns];
  multiply({a, b, depth, aside, kernel.columns, false});
  for (int64_t row = 0; row < y.rows; ++row) {
    const T* from = aside + row * kernel.columns;
    T* out = y.data + row * y.row_stride;
    for (int64_t column = 0; column < y.columns; ++column) {
      T& to = out[column * y.column_stride];
      to = add ? to + from[column] : from[column];
    }
  }
}

}  // namespace weft::cpu_kernels
