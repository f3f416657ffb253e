// backends/scaled_product.h: a running product that neither overflows nor vanishes on the way
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>

#include "tensor/maths/host_device.h"

namespace weft {

/// mantissa 2^exponent. A partial product never leaves the range of Mantissa, so that in whatever order the product of
/// finite elements is no NaN, and 0 or inf only when its value rounds to that: 1e200 * 1e200 * 0 is 0, where
/// inf * 0 would be NaN. Elements that are inf or NaN count as everywhere: 0 * inf is NaN.
template <class Mantissa>
class ScaledProduct {
 public:
  ScaledProduct() = default;  ///< 1
  WEFT_HOST_DEVICE explicit ScaledProduct(Mantissa x) : mantissa_(x) { normalize(); }
  WEFT_HOST_DEVICE explicit operator Mantissa() const {
    constexpr int64_t kBeyond = 100000;  // further than any exponent
    return std::ldexp(mantissa_, static_cast<int>(std::clamp(exponent_, -kBeyond, kBeyond)));
  }

  WEFT_HOST_DEVICE friend ScaledProduct operator*(ScaledProduct a, ScaledProduct b) {
    a.mantissa_ *= b.mantissa_;
    a.exponent_ += b.exponent_;
    a.normalize();
    return a;
  }

 private:
  /// Two mantissas between the bounds have a product that is neither subnormal nor inf.
  WEFT_HOST_DEVICE void normalize() {
    constexpr Mantissa kLow = 0x1p-500, kHigh = 0x1p500;
    const Mantissa size = std::fabs(mantissa_);
    if ((size >= kLow && size <= kHigh) || !std::isfinite(size)) return;
    int exponent;
    mantissa_ = std::frexp(mantissa_, &exponent);
    exponent_ += exponent;
  }

  Mantissa mantissa_ = 1;
  int64_t exponent_ = 0;
};

}  // namespace weft
