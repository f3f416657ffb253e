// tensor/random_op.h: counter-based random numbers, one value a counter, so that every device draws the same ones
//
// Philox4x32-10 of Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011): ten rounds of a
// keyed bijection turn a 128-bit counter into 128 random bits.
#pragma once
#include <array>
#include <cmath>
#include <cstdint>

#include "tensor/maths/host_device.h"

namespace weft {

/// The ten rounds.  counter[4] and key[2] are 32-bit words; multiplication wraps on purpose.
WEFT_HOST_DEVICE constexpr std::array<uint32_t, 4> philox4x32(std::array<uint32_t, 4> counter,
                                                              std::array<uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const uint64_t product0 = uint64_t{0xD2511F53} * counter[0];
    const uint64_t product1 = uint64_t{0xCD9E8D57} * counter[2];
    counter = {static_cast<uint32_t>(product1 >> 32) ^ counter[1] ^ key[0], static_cast<uint32_t>(product1),
               static_cast<uint32_t>(product0 >> 32) ^ counter[3] ^ key[1], static_cast<uint32_t>(product0)};
    key[0] += 0x9E3779B9;  // golden ratio
    key[1] += 0xBB67AE85;  // sqrt(3) - 1
  }
  return counter;
}

enum class Distribution : uint8_t { uniform, normal, truncated_normal, exponential };

/// Value i of a draw is a pure function of (seed, stream, first + i).
struct RandomOp {
  Distribution distribution = Distribution::uniform;
  double a = 0,
         b = 1;  ///< uniform: U[a, b); normal: mean a, deviation b; truncated_normal: the same, within 2 deviations;
                 ///< exponential: a plus exponential of rate b
  uint64_t seed = 0;
  uint32_t stream = 0;
  uint64_t first = 0;
};

/// 128 random bits of position `counter`; `attempt` numbers the redraws of a rejection method.
WEFT_HOST_DEVICE constexpr std::array<uint32_t, 4> random_bits(uint64_t seed, uint32_t stream, uint64_t counter,
                                                               uint32_t attempt = 0) {
  return philox4x32({static_cast<uint32_t>(counter), static_cast<uint32_t>(counter >> 32), stream, attempt},
                    {static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)});
}

/// 53 bits in [0, 1).
WEFT_HOST_DEVICE constexpr double unit_interval(uint32_t high, uint32_t low) {
  return static_cast<double>((uint64_t{high} << 32 | low) >> 11) * 0x1p-53;
}

/// Box and Muller, "A note on the generation of random normal deviates" (1958).
WEFT_HOST_DEVICE inline double standard_normal(const std::array<uint32_t, 4>& bits) {
  const double radius = std::sqrt(-2 * std::log(1 - unit_interval(bits[0], bits[1])));
  return radius * std::cos(2 * 3.14159265358979323846 * unit_interval(bits[2], bits[3]));
}

/// Value i of a draw, in float64 on every device; tensors hold random_element.
WEFT_HOST_DEVICE inline double random_value(const RandomOp& op, uint64_t i) {
  const uint64_t counter = op.first + i;
  switch (op.distribution) {
    case Distribution::uniform: {
      const auto bits = random_bits(op.seed, op.stream, counter);
      return op.a + (op.b - op.a) * unit_interval(bits[0], bits[1]);
    }
    case Distribution::normal: return op.a + op.b * standard_normal(random_bits(op.seed, op.stream, counter));
    case Distribution::exponential: {  // by the inverse of the distribution, 1 - exp(-b x)
      const auto bits = random_bits(op.seed, op.stream, counter);
      return op.a - std::log1p(-unit_interval(bits[0], bits[1])) / op.b;
    }
    case Distribution::truncated_normal: break;
  }
  for (uint32_t attempt = 0;; ++attempt) {  // each attempt succeeds with probability 0.954
    const double z = standard_normal(random_bits(op.seed, op.stream, counter, attempt));
    if (std::fabs(z) <= 2) return op.a + op.b * z;
  }
}

/// random_value rounded to T. U[a, b) stays below b, where rounding to float would reach it once in 2^25 draws.
template <class T>
WEFT_HOST_DEVICE T random_element(const RandomOp& op, uint64_t i) {
  const T value = static_cast<T>(random_value(op, i));
  const bool reaches_b = op.distribution == Distribution::uniform && op.a < op.b && value >= static_cast<T>(op.b);
  return reaches_b ? std::nextafter(static_cast<T>(op.b), static_cast<T>(op.a)) : value;
}

}  // namespace weft
