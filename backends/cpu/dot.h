// backends/cpu/dot.h: sum(a_i b_i) over two runs
#pragma once
#include <cstdint>

namespace weft::cpu_kernels {

/// Over 16 fixed lanes, so that it vectorises, and the same bits come out for every instruction set.
template <class T>
inline T strided_dot(const T* __restrict a, int64_t stride, const T* __restrict b, int64_t count) {
  constexpr int64_t kWidth = 16;
  T lanes[kWidth] = {};
  int64_t i = 0;
  for (; i + kWidth <= count; i += kWidth) {
    for (int64_t lane = 0; lane < kWidth; ++lane) lanes[lane] += a[(i + lane) * stride] * b[i + lane];
  }
  for (int64_t lane = 0; i < count; ++i, ++lane) lanes[lane] += a[i * stride] * b[i];
  for (int64_t half = kWidth / 2; half > 0; half /= 2) {
    for (int64_t lane = 0; lane < half; ++lane) lanes[lane] += lanes[lane + half];
  }
  return lanes[0];
}

/// Both dense.
template <class T>
inline T dot(const T* __restrict a, const T* __restrict b, int64_t count) {
  return strided_dot(a, 1, b, count);
}

}  // namespace weft::cpu_kernels
