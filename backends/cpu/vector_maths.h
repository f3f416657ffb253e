// backends/cpu/vector_maths.h: exponentials, logarithms, sigmoid and tanh that compile to vector instructions
//
// No table, no branch and no call: a loop over them becomes one over whole registers, in sources that are compiled with
// -fno-trapping-math (both sides of a choice are worked out). Without fma, so that all instruction sets, and the last
// elements of a loop, give the same bits. inf, NaN, -0, overflow and underflow are as in the standard library, unless
// said otherwise. float64 goes to the standard library: nobody trains in it.
// Coefficients: Cephes (Moshier 1989), expf, logf and tanhf.
#pragma once
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace weft::cpu_kernels {

/// ln 2 in two parts: the first times a whole number below 2^15 is exact.
inline constexpr float kLn2High = 0.693359375f, kLn2Low = -2.12194440e-4f;

/// 2^n for -126 <= n <= 127; 0 for n = -127.
inline float power_of_two(int32_t n) { return std::bit_cast<float>(static_cast<uint32_t>(n + 127) << 23); }

/// x = n ln 2 + r, |r| <= ln 2 / 2.
struct ExpParts {
  int32_t n;
  float r;
};
inline ExpParts exp_parts(float x) {
  // Adding 1.5 * 2^23 rounds to a whole number, whose low bits then stand in the mantissa.
  constexpr float kRounding = 12582912.0f, kLog2e = 1.44269504f;
  const float shifted = x * kLog2e + kRounding, n = shifted - kRounding;
  const uint32_t whole = std::bit_cast<uint32_t>(shifted) - std::bit_cast<uint32_t>(kRounding);
  return {static_cast<int32_t>(whole), (x - n * kLn2High) - n * kLn2Low};
}

/// exp(r) - 1 for |r| <= ln 2 / 2.
inline float expm1_near_zero(float r) {
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  return p * (r * r) + r;
}

/// exp(x) to 1 ulp.
inline float vector_exp(float x) {
  x = x < -104.0f ? -104.0f : x;  // exp is 0 and inf there
  x = x > 89.0f ? 89.0f : x;
  const ExpParts parts = exp_parts(x);
  const int32_t half = parts.n >> 1;  // in two steps, to reach inf and denormal numbers
  return (expm1_near_zero(parts.r) + 1.0f) * power_of_two(half) * power_of_two(parts.n - half);
}

/// exp(x) to 1 ulp between -87 and 88, held at its value there beyond: cheaper by a few instructions.
inline float vector_exp_clamped(float x) {
  x = x < -87.0f ? -87.0f : x;
  x = x > 88.0f ? 88.0f : x;
  const ExpParts parts = exp_parts(x);
  return (expm1_near_zero(parts.r) + 1.0f) * power_of_two(parts.n);
}

/// exp(x) - 1 to 2 ulp.
inline float vector_expm1(float x) {
  float within = x < -30.0f ? -30.0f : x;  // -1 there
  within = within > 89.0f ? 89.0f : within;
  const ExpParts parts = exp_parts(within);
  const float near = expm1_near_zero(parts.r), half = power_of_two(parts.n - 1);  // 2^128 would not fit
  return std::copysign(parts.n == 0 ? near : 2.0f * (half * near + (half - 0.5f)), x);
}

/// x = 2^k m, sqrt(1/2) <= m < sqrt(2), for normal x > 0.
struct LogParts {
  int32_t k;
  float m;
};
inline LogParts log_parts(float x) {
  constexpr uint32_t kRootOfHalf = 0x3f3504f3;
  const uint32_t above = std::bit_cast<uint32_t>(x) - kRootOfHalf;
  return {static_cast<int32_t>(above) >> 23, std::bit_cast<float>((above & 0x7fffffu) + kRootOfHalf)};
}

/// log(2^k (1 + f)), sqrt(1/2) <= 1 + f < sqrt(2).
inline float log_of_parts(float k, float f) {
  float p = 7.0376836292e-2f;
  p = p * f - 1.1514610310e-1f;
  p = p * f + 1.1676998740e-1f;
  p = p * f - 1.2420140846e-1f;
  p = p * f + 1.4249322787e-1f;
  p = p * f - 1.6668057665e-1f;
  p = p * f + 2.0000714765e-1f;
  p = p * f - 2.4999993993e-1f;
  p = p * f + 3.3333331174e-1f;
  const float square = f * f, rest = p * f * square + kLn2Low * k - 0.5f * square;
  return f + rest + kLn2High * k;
}

/// log_of_y, but its limits and NaN where y is 0, inf, NaN or below 0.
inline float with_limits_of_log(float y, float log_of_y) {
  constexpr float kInf = std::numeric_limits<float>::infinity();
  const float above_zero = y < kInf ? log_of_y : y;
  const float elsewhere = y == 0.0f ? -kInf : std::numeric_limits<float>::quiet_NaN();
  return y > 0.0f ? above_zero : elsewhere;
}

/// log(x) to 1 ulp.
inline float vector_log(float x) {
  const bool denormal = x < std::numeric_limits<float>::min();
  const LogParts parts = log_parts(denormal ? x * 0x1p23f : x);
  const float k = static_cast<float>(parts.k) - (denormal ? 23.0f : 0.0f);
  return with_limits_of_log(x, log_of_parts(k, parts.m - 1.0f));
}

/// log(1 + x) to 2 ulp.
inline float vector_log1p(float x) {
  const float sum = 1.0f + x;
  const LogParts parts = log_parts(sum);
  const float lost = x > 1.0f ? 1.0f - (sum - x) : x - (sum - 1.0f);  // by rounding; nothing beside a large x
  const float corrected = parts.m - 1.0f + (parts.k > 24 ? 0.0f : lost * power_of_two(-parts.k));
  const float y = log_of_parts(static_cast<float>(parts.k), parts.k == 0 ? x : corrected);
  return std::copysign(with_limits_of_log(sum, y), x);
}

/// 1 / (1 + exp(-x)) to 3 ulp where it is above 1e-37; it does not fall to 0 below.
inline float vector_sigmoid(float x) { return 1.0f / (1.0f + vector_exp_clamped(-x)); }

/// tanh(x) to 2 ulp.
inline float vector_tanh(float x) {
  const float size = std::fabs(x);
  const float far = 1.0f - 2.0f / (vector_exp_clamped(2.0f * size) + 1.0f);
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
