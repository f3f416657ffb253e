// tensor/bfloat16.h: the upper half of a float32: its range at 8 bits of precision, for storage
#pragma once
#include <bit>
#include <cstdint>

#include "tensor/maths/host_device.h"

namespace weft {

/// Sign, 8 bits of exponent, 7 of fraction (Wang and Kanwar 2019). Elements are kept, moved and cast in it; arithmetic
/// is done in float32.
struct bfloat16 {
  uint16_t bits = 0;

  constexpr bfloat16() = default;
  /// Rounds to nearest, ties to even; beyond the largest value is inf; NaN stays NaN, quiet.
  WEFT_HOST_DEVICE explicit constexpr bfloat16(float x) {
    const uint32_t wide = std::bit_cast<uint32_t>(x);
    if (x != x) bits = static_cast<uint16_t>(wide >> 16 | 0x40);
    else bits = static_cast<uint16_t>((wide + 0x7FFF + (wide >> 16 & 1)) >> 16);
  }
  WEFT_HOST_DEVICE explicit constexpr operator float() const { return std::bit_cast<float>(uint32_t{bits} << 16); }
  bool operator==(const bfloat16& other) const { return static_cast<float>(*this) == static_cast<float>(other); }
};

}  // namespace weft
