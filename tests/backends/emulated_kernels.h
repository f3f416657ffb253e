// tests/backends/emulated_kernels.h: kernels that are right; tests/mutate_kernels.py makes them wrong
#pragma once
#include <cmath>

#include "backends/emulator/language.h"

namespace weft::WEFT_GPU::test {

// y[i] = a[i * step] + b[i]
__global__ inline void strided_add(gp<const float> a, int64_t step, gp<const float> b, gp<float> y, int64_t n) {
  for (int64_t i = blockIdx.x * int64_t{blockDim.x} + threadIdx.x; i < n; i += int64_t{gridDim.x} * blockDim.x)
    y[i] = a[i * step] + b[i];
}

__device__ inline float warp_sum(float x) {
  for (int distance = 16; distance > 0; distance /= 2) x += __shfl_xor_sync(all_lanes, x, distance);
  return x;
}

// y[r] = sum of row r of x [rows, columns]: one block a row
__global__ inline void row_sum(gp<const float> x, gp<float> y, int64_t columns) {
  WEFT_SHARED(float, of_warp, 32);
  float sum = 0;
  for (int64_t j = threadIdx.x; j < columns; j += blockDim.x) sum += x[blockIdx.x * columns + j];
  sum = warp_sum(sum);
  if (threadIdx.x % 32 == 0) of_warp[threadIdx.x / 32] = sum;
  __syncthreads();
  if (threadIdx.x < 32) {
    const float mine = threadIdx.x < blockDim.x / 32 ? of_warp[threadIdx.x] : 0.0f;
    const float total = warp_sum(mine);
    if (threadIdx.x == 0) y[blockIdx.x] = total;
  }
}

// y[j][i] = x[i][j]: a block turns one tile of 32 x 32 in shared memory
__global__ inline __launch_bounds__(256) void transpose_tile(gp<const float> x, gp<float> y, int64_t rows,
                                                             int64_t columns) {
  WEFT_SHARED(float, tile, 32, 33);
  const int64_t row = blockIdx.y * int64_t{32}, column = blockIdx.x * int64_t{32};
  for (unsigned i = threadIdx.y; i < 32; i += blockDim.y)
    if (row + i < rows && column + threadIdx.x < columns)
      tile[i][threadIdx.x] = x[(row + i) * columns + column + threadIdx.x];
  __syncthreads();
  for (unsigned j = threadIdx.y; j < 32; j += blockDim.y)
    if (column + j < columns && row + threadIdx.x < rows)
      y[(column + j) * rows + row + threadIdx.x] = tile[threadIdx.x][j];
}

// y = softmax of each row of x: one block a row, three passes
__global__ inline void softmax_row(gp<const float> x, gp<float> y, int64_t columns) {
  WEFT_DYN_SHARED(float, partial);
  WEFT_SHARED(float, top);
  const gp<const float> row = x + blockIdx.x * columns;
  float best = row[0];
  for (int64_t j = threadIdx.x; j < columns; j += blockDim.x) best = fmaxf(best, row[j]);
  partial[threadIdx.x] = best;
  __syncthreads();
  for (unsigned half = blockDim.x / 2; half > 0; half /= 2) {
    if (threadIdx.x < half) partial[threadIdx.x] = fmaxf(partial[threadIdx.x], partial[threadIdx.x + half]);
    __syncthreads();
  }
  if (threadIdx.x == 0) top = partial[0];
  __syncthreads();
  float sum = 0;
  for (int64_t j = threadIdx.x; j < columns; j += blockDim.x) sum += __expf(row[j] - top);
  partial[threadIdx.x] = sum;
  __syncthreads();
  for (unsigned half = blockDim.x / 2; half > 0; half /= 2) {
    if (threadIdx.x < half) partial[threadIdx.x] += partial[threadIdx.x + half];
    __syncthreads();
  }
  for (int64_t j = threadIdx.x; j < columns; j += blockDim.x)
    y[blockIdx.x * columns + j] = __expf(row[j] - top) / partial[0];
}

// counts[v] = how often v is in x; every thread adds, in any order
__global__ inline void count_values(gp<const float> x, gp<float> counts, int64_t n) {
  const int64_t i = blockIdx.x * int64_t{blockDim.x} + threadIdx.x;
  if (i < n) atomicAdd(&counts[static_cast<int64_t>(x[i])], 1);
}

// y[i] = -x[i], four at a time
__global__ inline void negate_by_four(gp<const float> x, gp<float> y) {
  const int64_t i = threadIdx.x * int64_t{4};
  const float4 four = ldv<float4>(x + i);
  stv(&y[i], make_float4(-four.x, -four.y, -four.z, -four.w));
}

// What each lane of a warp gets from the shuffles and the votes
__global__ inline void warp_operations(gp<float> y) {
  const unsigned lane = threadIdx.x, odd = 0xAAAAAAAA;
  const float mine = static_cast<float>(lane);
  const float up = __shfl_up_sync(all_lanes, mine, 3), down = __shfl_down_sync(all_lanes, mine, 5, 8);
  const float first = __shfl_sync(all_lanes, mine, 16), swapped = __shfl_xor_sync(all_lanes, mine, 1);
  const unsigned low = __ballot_sync(all_lanes, lane < 4);
  if (lane % 2 == 1) {
    const bool all = __all_sync(odd, lane % 2 == 1), any = __any_sync(odd, lane == 2);
    y[lane] = up + 100 * down + 10000 * first + 1000000 * swapped + (all && !any && low == 0xF ? 0.5f : 0.0f);
  } else {
    y[lane] = up;
  }
}

}  // namespace weft::WEFT_GPU::test
