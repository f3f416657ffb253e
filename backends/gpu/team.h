// backends/gpu/team.h: threads that work on one slice of a tensor together, and how they agree on a sum or a maximum
//
// A slice lies either along memory (a row) or across it (a column), and neighbouring threads should always read
// neighbouring elements. So a row has a RowTeam, whose members stand side by side in it, and 32 columns that stand side
// by side have a ColumnTeam each, whose members stand one below the other. Both give every member the same bits, in an
// order that the shape alone decides. All threads of a block must call fold() together, those without a slice too.
#pragma once
#include "backends/gpu/layout.h"

namespace weft::WEFT_GPU {

inline constexpr unsigned kWholeWarp = 0xffffffffu;
inline constexpr int kWarp = 32;

/// Threads (member, row): a warp a row where rows are short, eight rows a block; else the whole block a row.
inline dim3 row_block(int64_t length) {
  if (length <= 1024) return dim3(kWarp, 8);
  return length <= 16384 ? dim3(256) : dim3(512);
}

/// The value of the lane whose number differs in the bit `distance`. A structure brings an overload of its own.
template <class V>
__device__ __forceinline__ V across(V value, int distance) {
  return __shfl_xor_sync(kWholeWarp, value, distance);
}

/// op of the values of a warp's lanes, for each of them: a butterfly. op commutes, so that both ends of an exchange get
/// the same.
template <class V, class Op>
__device__ __forceinline__ V fold_warp(V value, const Op& op) {
  for (int distance = kWarp / 2; distance > 0; distance /= 2) value = op(value, across(value, distance));
  return value;
}

struct RowTeam {
  __device__ __forceinline__ int64_t member() const { return threadIdx.x; }
  __device__ __forceinline__ int64_t size() const { return blockDim.x; }

  static __device__ __forceinline__ int64_t first_row() {
    return static_cast<int64_t>(blockIdx.x) * blockDim.y + threadIdx.y;
  }
  static __device__ __forceinline__ int64_t row_step() { return static_cast<int64_t>(gridDim.x) * blockDim.y; }

  /// op of all members' values: of each warp, then of the warps in order. No barrier where a warp is the team.
  template <class V, class Op>
  __device__ V fold(V value, const Op& op) const {
    value = fold_warp(value, op);
    if (blockDim.x > kWarp) {
      WEFT_SHARED(V, of_warp, kWarp);
      __syncthreads();  // everyone has read what the call before left here
      if (threadIdx.x % kWarp == 0) of_warp[threadIdx.x / kWarp] = value;
      __syncthreads();
      value = of_warp[0];
      for (int warp = 1; warp < static_cast<int>(blockDim.x) / kWarp; ++warp) {
        const V other = of_warp[warp];
        value = op(value, other);
      }
    }
    return value;
  }
};

/// Threads (column, member): a warp reads 32 columns of one line.
inline constexpr int kColumns = 32, kColumnMembers = 8;
inline dim3 column_block() { return dim3(kColumns, kColumnMembers); }

struct ColumnTeam {
  __device__ __forceinline__ int64_t member() const { return threadIdx.y; }
  __device__ __forceinline__ int64_t size() const { return kColumnMembers; }

  /// op of all members' values, in their order.
  template <class V, class Op>
  __device__ V fold(V value, const Op& op) const {
    WEFT_SHARED(V, of_member, kColumnMembers, kColumns);
    __syncthreads();  // everyone has read what the call before left here
    of_member[threadIdx.y][threadIdx.x] = value;
    __syncthreads();
    value = of_member[0][threadIdx.x];
    for (int member = 1; member < kColumnMembers; ++member) {
      const V other = of_member[member][threadIdx.x];
      value = op(value, other);
    }
    return value;
  }
};

struct Plus {
  template <class V>
  __device__ __forceinline__ V operator()(V a, V b) const {
    return a + b;
  }
};

/// The sum of f(i) over one member's share, first, first + step, ... below count: eight at a time in T, whose loads
/// wait together, and these in double, since an addition in double is dear on most cards.
template <class T, class F>
__device__ __forceinline__ double sum_of_share(int64_t first, int64_t step, int64_t count, const F& f) {
  constexpr int kRun = 8;
  double total = 0;
  int64_t i = first;
  for (; i + (kRun - 1) * step < count; i += kRun * step) {
    T run = f(i);
    for (int k = 1; k < kRun; ++k) run += f(i + k * step);
    total += run;
  }
  for (; i < count; i += step) total += f(i);
  return total;
}

/// The sum of f(i) over [0, count), for every member of the team.
template <class T, class Team, class F>
__device__ __forceinline__ double team_sum(const Team& team, int64_t count, const F& f) {
  return team.fold(sum_of_share<T>(team.member(), team.size(), count, f), Plus{});
}

}  // namespace weft::WEFT_GPU
