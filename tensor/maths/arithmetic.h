// tensor/maths/arithmetic.h: sums, products, powers, extremes and signs
#pragma once
#include <cmath>

#include "tensor/maths/op.h"

namespace weft {

/// a^b by squaring; the product wraps. Below b = 0 only 1 and -1 have whole powers, everything else gives 0.
template <class T>
WEFT_HOST_DEVICE constexpr T integer_power(T a, T b) {
  if (b < T(0)) return a == T(1) ? T(1) : a != T(-1) ? T(0) : b % T(2) == T(0) ? T(1) : T(-1);
  Wrapping<T> power = 1, square = Wrapping<T>(a);
  for (; b > T(0); b = T(b / 2)) {
    if (b % 2 != 0) power *= square;
    square *= square;
  }
  return T(power);
}

template <>
struct Unary<UnaryOp::neg> {
  static constexpr std::string_view name = "neg";
  static constexpr OpTypes types = OpTypes::same;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return T(-Wrapping<T>(x));
  }
};

template <>
struct Unary<UnaryOp::abs> {
  static constexpr std::string_view name = "abs";
  static constexpr OpTypes types = OpTypes::same;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    if constexpr (std::is_floating_point_v<T>) return std::fabs(x);
    else return x < T(0) ? T(-Wrapping<T>(x)) : x;
  }
};

template <>
struct Unary<UnaryOp::sign> {  // NaN stays NaN
  static constexpr std::string_view name = "sign";
  static constexpr OpTypes types = OpTypes::same;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return x > T(0) ? T(1) : x < T(0) ? T(-1) : x == T(0) ? T(0) : x;
  }
};

template <>
struct Unary<UnaryOp::square> {
  static constexpr std::string_view name = "square";
  static constexpr OpTypes types = OpTypes::same;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return T(Wrapping<T>(x) * Wrapping<T>(x));
  }
};

template <>
struct Unary<UnaryOp::reciprocal> {
  static constexpr std::string_view name = "reciprocal";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return T(1) / x;
  }
};

template <>
struct Binary<BinaryOp::add> {
  static constexpr std::string_view name = "add";
  static constexpr OpTypes types = OpTypes::same;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T a, T b) {
    return T(Wrapping<T>(a) + Wrapping<T>(b));
  }
};

template <>
struct Binary<BinaryOp::sub> {
  static constexpr std::string_view name = "sub";
  static constexpr OpTypes types = OpTypes::same;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T a, T b) {
    return T(Wrapping<T>(a) - Wrapping<T>(b));
  }
};

template <>
struct Binary<BinaryOp::mul> {
  static constexpr std::string_view name = "mul";
  static constexpr OpTypes types = OpTypes::same;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T a, T b) {
    return T(Wrapping<T>(a) * Wrapping<T>(b));
  }
};

template <>
struct Binary<BinaryOp::div> {
  static constexpr std::string_view name = "div";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T a, T b) {
    return a / b;
  }
};

template <>
struct Binary<BinaryOp::pow> {
  static constexpr std::string_view name = "pow";
  static constexpr OpTypes types = OpTypes::same;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T a, T b) {
    if constexpr (std::is_floating_point_v<T>) return std::pow(a, b);
    else return integer_power(a, b);
  }
};

template <>
struct Binary<BinaryOp::maximum> {  // NaN on either side wins
  static constexpr std::string_view name = "maximum";
  static constexpr OpTypes types = OpTypes::same;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T a, T b) {
    return (a > b || a != a) ? a : b;
  }
};

template <>
struct Binary<BinaryOp::minimum> {  // NaN on either side wins
  static constexpr std::string_view name = "minimum";
  static constexpr OpTypes types = OpTypes::same;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T a, T b) {
    return (a < b || a != a) ? a : b;
  }
};

}  // namespace weft
