// backends/cpu/vector_maths.h: exp, sigmoid and tanh that compile to vector instructions
//
// No table, no branch and no call: a loop over them becomes one over whole registers, in sources that are compiled with
// -fno-trapping-math (both sides of a choice are worked out). Without fma, so that all
// instruction sets give the same bits. float64 goes to the standard library: nobody trains in it.
// Coefficients: Cephes (Moshier 1989), expf and tanhf.
#pragma once
#include <bit>
#include <cmath>
#include <cstdint>

namespace weft::cpu_kernels {

/// exp(x) to 2 ulp between -87 and 88, held at its value there beyond; NaN stays NaN.
inline float vector_exp(float x) {
  constexpr float kLow = -87.0f, kHigh = 88.0f;
  x = x < kLow ? kLow : x;
  x = x > kHigh ? kHigh : x;
  // x = n ln 2 + r. Adding 1.5 * 2^23 rounds to a whole number, whose low bits then stand in the mantissa.
  constexpr float kRounding = 12582912.0f, kLog2e = 1.44269504f;
  constexpr float kLn2High = 0.693359375f, kLn2Low = -2.12194440e-4f;
  const float shifted = x * kLog2e + kRounding, n = shifted - kRounding;
  const float r = (x - n * kLn2High) - n * kLn2Low;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * (r * r) + r + 1.0f;
  return p * std::bit_cast<float>((std::bit_cast<uint32_t>(shifted) + 127u) << 23);
}

/// 1 / (1 + exp(-x)) to 3 ulp where it is above 1e-37.
inline float vector_sigmoid(float x) { return 1.0f / (1.0f + vector_exp(-x)); }

/// tanh(x) to 3 ulp.
inline float vector_tanh(float x) {
  const float size = std::fabs(x);
  const float far = 1.0f - 2.0f / (vector_exp(2.0f * size) + 1.0f);
  const float z = x * x;
  float p = -5.70498872745e-3f;
  p = p * z + 2.06390887954e-2f;
  p = p * z - 5.37397155531e-2f;
  p = p * z + 1.33314422036e-1f;
  p = p * z - 3.33332819422e-1f;
  const float near = p * z * size + size;
  return std::copysign(size < 0.625f ? near : far, x);
}

inline double vector_exp(double x) { return std::exp(x); }
inline double vector_sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
inline double vector_tanh(double x) { return std::tanh(x); }

}  // namespace weft::cpu_kernels
