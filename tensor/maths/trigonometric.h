// tensor/maths/trigonometric.h: circular and hyperbolic functions
#pragma once
#include <cmath>

#include "tensor/maths/op.h"

namespace weft {

template <>
struct Unary<UnaryOp::sin> {
  static constexpr std::string_view name = "sin";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return std::sin(x);
  }
};

template <>
struct Unary<UnaryOp::cos> {
  static constexpr std::string_view name = "cos";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return std::cos(x);
  }
};

template <>
struct Unary<UnaryOp::tanh> {
  static constexpr std::string_view name = "tanh";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return std::tanh(x);
  }
};

template <>
struct Unary<UnaryOp::tan> {
  static constexpr std::string_view name = "tan";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return std::tan(x);
  }
};

template <>
struct Unary<UnaryOp::asin> {
  static constexpr std::string_view name = "asin";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return std::asin(x);
  }
};

template <>
struct Unary<UnaryOp::acos> {
  static constexpr std::string_view name = "acos";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return std::acos(x);
  }
};

template <>
struct Unary<UnaryOp::atan> {
  static constexpr std::string_view name = "atan";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return std::atan(x);
  }
};

template <>
struct Unary<UnaryOp::sinh> {
  static constexpr std::string_view name = "sinh";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return std::sinh(x);
  }
};

template <>
struct Unary<UnaryOp::cosh> {
  static constexpr std::string_view name = "cosh";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return std::cosh(x);
  }
};

template <>
struct Binary<BinaryOp::atan2> {  // the angle of the point (b, a)
  static constexpr std::string_view name = "atan2";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T a, T b) {
    return std::atan2(a, b);
  }
};

template <>
struct Binary<BinaryOp::hypot> {  // sqrt(a^2 + b^2) without overflow
  static constexpr std::string_view name = "hypot";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T a, T b) {
    return std::hypot(a, b);
  }
};

}  // namespace weft
