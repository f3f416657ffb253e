// tensor/maths/rounding.h: to whole numbers, and division with a remainder
#pragma once
#include <cmath>

#include "tensor/maths/op.h"

namespace weft {

/// a / b cut off towards zero, and what that leaves. lowest / -1 wraps, where C++ leaves it undefined. b is not 0: the
/// tensor functions refuse it.
template <class T>
WEFT_HOST_DEVICE constexpr T cut_off_quotient(T a, T b) {
  if constexpr (std::is_signed_v<T>) return b == T(-1) ? T(-Wrapping<T>(a)) : T(a / b);
  else return T(a / b);
}
template <class T>
WEFT_HOST_DEVICE constexpr T cut_off_rest(T a, T b) {
  if constexpr (std::is_signed_v<T>) return b == T(-1) ? T(0) : T(a % b);
  else return T(a % b);
}

template <>
struct Unary<UnaryOp::floor> {
  static constexpr std::string_view name = "floor";
  static constexpr OpTypes types = OpTypes::same;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    if constexpr (std::is_floating_point_v<T>) return std::floor(x);
    else return x;
  }
};

template <>
struct Unary<UnaryOp::ceil> {
  static constexpr std::string_view name = "ceil";
  static constexpr OpTypes types = OpTypes::same;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    if constexpr (std::is_floating_point_v<T>) return std::ceil(x);
    else return x;
  }
};

template <>
struct Unary<UnaryOp::round> {  // half to even
  static constexpr std::string_view name = "round";
  static constexpr OpTypes types = OpTypes::same;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    if constexpr (std::is_floating_point_v<T>) return std::nearbyint(x);
    else return x;
  }
};

template <>
struct Unary<UnaryOp::trunc> {
  static constexpr std::string_view name = "trunc";
  static constexpr OpTypes types = OpTypes::same;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    if constexpr (std::is_floating_point_v<T>) return std::trunc(x);
    else return x;
  }
};

template <>
struct Binary<BinaryOp::fmod> {  // the sign of a
  static constexpr std::string_view name = "fmod";
  static constexpr OpTypes types = OpTypes::same;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T a, T b) {
    if constexpr (std::is_floating_point_v<T>) return std::fmod(a, b);
    else return cut_off_rest(a, b);
  }
};

template <>
struct Binary<BinaryOp::remainder> {  // a - floor(a / b) b: the sign of b
  static constexpr std::string_view name = "remainder";
  static constexpr OpTypes types = OpTypes::same;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T a, T b) {
    const T rest = Binary<BinaryOp::fmod>::apply(a, b);
    return rest != T(0) && (rest < T(0)) != (b < T(0)) ? T(rest + b) : rest;
  }
};

template <>
struct Binary<BinaryOp::floor_divide> {  // floor(a / b), worked out from the exact rest
  static constexpr std::string_view name = "floor_divide";
  static constexpr OpTypes types = OpTypes::same;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T a, T b) {
    if constexpr (std::is_floating_point_v<T>) {
      if (b == T(0)) return a / b;
      const T rest = std::fmod(a, b);
      const bool goes_down = rest != T(0) && (rest < T(0)) != (b < T(0));
      const T quotient = (a - rest) / b - T(goes_down);  // a whole number but for its rounding
      return quotient == T(0) ? std::copysign(T(0), a / b) : std::nearbyint(quotient);
    } else {
      const T rest = cut_off_rest(a, b);
      return T(cut_off_quotient(a, b) - T(rest != T(0) && (rest < T(0)) != (b < T(0))));
    }
  }
};

}  // namespace weft
