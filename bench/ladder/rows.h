// bench/ladder/rows.h: what the ladders of row-wise operations share: matrices, and sums over a block and over a warp
#pragma once
#include <cmath>

#include "backends/gpu/layout.h"
#include "backends/gpu/pack.h"
#include "bench/ladder/rung.h"

namespace weft::WEFT_GPU {

/// x and y [count, width].
struct Rows {
  gp<const float> x;
  gp<float> y;
  int64_t count, width;

  Rows(const std::vector<Tensor>& from, const Tensor& to)
      : x(from[0].data<float>()), y(to.data<float>()), count(to.size(0)), width(to.size(1)) {}
};

constexpr int kLanes = 32, kWarps = 8;  // of a block of warps that have a row each
constexpr int kBlockOfRow = 256;        // threads of a block that has a row to itself

/// op over what all threads of the block hold: each step halves the threads that are left, and costs a barrier.
template <class Op>
__device__ __forceinline__ float fold_block(float value, const Op& op) {
  WEFT_SHARED(float, held, kBlockOfRow);
  const int thread = static_cast<int>(threadIdx.x);
  __syncthreads();  // what the call before left has been read
  held[thread] = value;
  __syncthreads();
  for (int half = kBlockOfRow / 2; half > 0; half /= 2) {
    if (thread < half) {
      const float mine = held[thread], other = held[thread + half];
      held[thread] = op(mine, other);
    }
    __syncthreads();
  }
  return held[0];
}

/// op over what the lanes of a warp hold: five exchanges from register to register, no barrier, no shared memory.
template <class Op>
__device__ __forceinline__ float fold_warp(float value, const Op& op) {
  for (int distance = kLanes / 2; distance > 0; distance /= 2)
    value = op(value, __shfl_xor_sync(0xffffffffu, value, distance));
  return value;
}

struct Largest {
  __device__ __forceinline__ float operator()(float a, float b) const { return a > b ? a : b; }
};
struct Total {
  __device__ __forceinline__ float operator()(float a, float b) const { return a + b; }
};

/// The row of this warp.
__device__ __forceinline__ int64_t row_of_warp() { return static_cast<int64_t>(blockIdx.x) * kWarps + threadIdx.y; }

using Inputs = const std::vector<Tensor>&;

inline void launch_thread_a_row(void (*kernel)(Rows), Inputs x, const Tensor& y) {
  const Rows rows(x, y);
  launch(kernel, grid_of(rows.count, kBlockOfRow), dim3(kBlockOfRow), 0, rows);
}
inline void launch_block_a_row(void (*kernel)(Rows), Inputs x, const Tensor& y) {
  const Rows rows(x, y);
  launch(kernel, grid_of(rows.count, 1), dim3(kBlockOfRow), 0, rows);
}
inline void launch_warp_a_row(void (*kernel)(Rows), Inputs x, const Tensor& y) {
  const Rows rows(x, y);
  launch(kernel, grid_of(rows.count, kWarps), dim3(kLanes, kWarps), 0, rows);
}

/// A row of at most 1024 numbers, a multiple of 128, in the registers of a warp: each lane has every 32nd pack of four.
struct RowInRegisters {
  static constexpr int kPacks = 8;
  using Four = Pack<float, 4>;
  Four pack[kPacks];
  int packs, lane;

  __device__ __forceinline__ RowInRegisters(gp<const float> row, int64_t width)
      : packs(static_cast<int>(width / (4 * kLanes))), lane(static_cast<int>(threadIdx.x)) {
    for (int p = 0; p < kPacks; ++p)
      if (p < packs) pack[p] = ldv<Four>(row + (p * kLanes + lane) * 4);
  }
  __device__ __forceinline__ void store(gp<float> row) const {
    for (int p = 0; p < kPacks; ++p)
      if (p < packs) stv(row + (p * kLanes + lane) * 4, pack[p]);
  }
  /// f(element) for all that this lane holds.
  template <class F>
  __device__ __forceinline__ void for_each(const F& f) {
    for (int p = 0; p < kPacks; ++p)
      if (p < packs)
        for (int v = 0; v < 4; ++v) f(pack[p].at[v]);
  }
};

}  // namespace weft::WEFT_GPU
