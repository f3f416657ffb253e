// backends/gpu/column_sums.h: sums over the rows of a matrix, in the same order on every card
#pragma once
#include <algorithm>

#include "backends/gpu/team.h"
#include "tensor/create.h"

namespace weft::WEFT_GPU {

/// sums[tile, j] = the sum of terms.column(j)(i) over the tile's rows i. Block (32, 8) has 32 columns of one tile,
/// eight threads each: a warp's terms stand side by side.
template <class T, class Terms>
__global__ void column_sums_kernel(Terms terms, int64_t rows, int64_t columns, int64_t rows_of_tile, gp<T> sums) {
  const int64_t begin = blockIdx.y * rows_of_tile;
  const int64_t count = rows - begin < rows_of_tile ? rows - begin : rows_of_tile;
  const int64_t step = static_cast<int64_t>(gridDim.x) * kColumns;
  for (int64_t first = static_cast<int64_t>(blockIdx.x) * kColumns; first < columns; first += step) {
    const int64_t j = first + threadIdx.x;
    const bool inside = j < columns;
    const auto term = terms.column(inside ? j : 0);
    const double sum = team_sum<T>(ColumnTeam{}, inside ? count : 0, [&](int64_t i) { return term(begin + i); });
    if (inside && threadIdx.y == 0) sums[blockIdx.y * columns + j] = static_cast<T>(sum);
  }
}

/// A dense matrix's own elements.
template <class T>
struct OwnElements {
  gp<const T> data;
  int64_t columns;
  __device__ __forceinline__ auto column(int64_t j) const {
    return [from = data + j, step = columns](int64_t i) -> T { return from[i * step]; };
  }
};

/// y[j] = the sum of terms.column(j)(i) over `rows` rows; y dense. Many rows are cut into tiles, whose sums are added
/// in a second pass.
template <class T, class Terms>
void column_sums(const Terms& terms, int64_t rows, const Tensor& y) {
  constexpr int64_t kRowsOfTile = 8 * kColumnMembers, kMostTiles = 256;
  const int64_t columns = y.numel(), wanted = std::clamp<int64_t>(rows / kRowsOfTile, 1, kMostTiles);
  const int64_t rows_of_tile = (rows + wanted - 1) / wanted, tiles = (rows + rows_of_tile - 1) / rows_of_tile;
  const dim3 grid(grid_of(columns, kColumns).x, static_cast<unsigned>(tiles));
  if (tiles == 1) {
    launch(column_sums_kernel<T, Terms>, grid, column_block(), 0, terms, rows, columns, rows, y.data<T>());
  } else {
    const Tensor parts = empty({tiles, columns}, {.dtype = y.dtype(), .device = y.device()});
    launch(column_sums_kernel<T, Terms>, grid, column_block(), 0, terms, rows, columns, rows_of_tile, parts.data<T>());
    column_sums<T>(OwnElements<T>{static_cast<const T*>(parts.data<T>()), columns}, tiles, y);
  }
}

}  // namespace weft::WEFT_GPU
