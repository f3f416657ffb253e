// backends/cpu/gemm/pack.h: operands of any strides into panels, reading memory in the order in which it lies
#pragma once
#include <cstring>

#include "backends/cpu/gemm/micro_kernel.h"
#include "backends/cpu/gemm/vector_of.h"

namespace weft::cpu_kernels {

/// Four lanes of four k each, dense along k, turned in registers: 4 loads and 4 stores in place of 16.
template <class T>
inline void transpose_4x4(const T* from, int64_t lane_stride, T* to, int64_t width) {
  using Vector = typename VectorOf<T, 4 * sizeof(T)>::type;
  Vector a, b, c, d;
  std::memcpy(&a, from, sizeof(a));
  std::memcpy(&b, from + lane_stride, sizeof(b));
  std::memcpy(&c, from + 2 * lane_stride, sizeof(c));
  std::memcpy(&d, from + 3 * lane_stride, sizeof(d));
  const Vector ab_low = __builtin_shufflevector(a, b, 0, 4, 1, 5), ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
  const Vector cd_low = __builtin_shufflevector(c, d, 0, 4, 1, 5), cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  const Vector turned[4] = {
      __builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5), __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7),
      __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5), __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7)};
  for (int k = 0; k < 4; ++k) std::memcpy(to + k * width, &turned[k], sizeof(Vector));
}

/// One whole panel of an operand that is dense along k.
template <int Width, class T>
inline void pack_turned(const T* from, int64_t lane_stride, int64_t depth, T* to) {
  constexpr int kTurned = Width / 4 * 4;
  int64_t k = 0;
  for (; k + 4 <= depth; k += 4, from += 4, to += 4 * Width) {
    for (int lane = 0; lane < kTurned; lane += 4)
      transpose_4x4(from + lane * lane_stride, lane_stride, to + lane, Width);
    for (int lane = kTurned; lane < Width; ++lane) {
      for (int i = 0; i < 4; ++i) to[i * Width + lane] = from[lane * lane_stride + i];
    }
  }
  for (; k < depth; ++k, ++from, to += Width) {
    for (int lane = 0; lane < Width; ++lane) to[lane] = from[lane * lane_stride];
  }
}

/// `panels` whole panels of an operand whose lanes are dense. A few at a time: whole cache lines are read, and few
/// streams written. Each k lies on a page of its own, which no hardware foresees: the next ones are asked for.
template <int Width, class T>
inline void pack_rows_of_lanes(const T* from, int64_t depth_stride, int64_t panels, int64_t depth, T* to) {
  constexpr int64_t kStreams = 8, kAhead = 8;
  for (int64_t first = 0; first < panels; first += kStreams) {
    const int64_t streams = panels - first < kStreams ? panels - first : kStreams;
    for (int64_t k = 0; k < depth; ++k) {
      const T* row = from + first * Width + k * depth_stride;
      T* panel = to + first * depth * Width + k * Width;
      for (int64_t stream = 0; stream < streams; ++stream, row += Width, panel += depth * Width) {
        __builtin_prefetch(row + kAhead * depth_stride);
        std::memcpy(panel, row, Width * sizeof(T));
      }
    }
  }
}

/// A panel of any strides, or of fewer lanes than its width.
template <int Width, class T>
inline void pack_any(const T* from, int64_t lane_stride, int64_t depth_stride, int64_t lanes, int64_t depth, T* to) {
  if (lanes < Width) std::memset(to, 0, static_cast<size_t>(depth * Width) * sizeof(T));
  for (int64_t k = 0; k < depth; ++k, from += depth_stride, to += Width) {
    for (int64_t lane = 0; lane < lanes; ++lane) to[lane] = from[lane * lane_stride];
  }
}

template <int Width, class T>
inline void pack_panels_body(const PackJob<T>& job) {
  const int64_t whole = job.lanes / Width, left = job.lanes - whole * Width;
  const auto from = [&](int64_t panel) { return job.from + panel * Width * job.lane_stride; };
  const auto to = [&](int64_t panel) { return job.to + panel * Width * job.depth; };
  if (job.lane_stride == 1) {
    pack_rows_of_lanes<Width>(job.from, job.depth_stride, whole, job.depth, job.to);
  } else {
    for (int64_t panel = 0; panel < whole; ++panel) {
      if (job.depth_stride == 1) {
        pack_turned<Width>(from(panel), job.lane_stride, job.depth, to(panel));
      } else {
        pack_any<Width>(from(panel), job.lane_stride, job.depth_stride, Width, job.depth, to(panel));
      }
    }
  }
  if (left > 0) pack_any<Width>(from(whole), job.lane_stride, job.depth_stride, left, job.depth, to(whole));
}

}  // namespace weft::cpu_kernels
