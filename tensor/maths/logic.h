// tensor/maths/logic.h: comparisons, truth, and what kind of number it is
#pragma once
#include <cmath>
#include <limits>

#include "tensor/maths/op.h"

namespace weft {

template <>
struct Binary<BinaryOp::equal> {
  static constexpr std::string_view name = "equal";
  static constexpr OpTypes types = OpTypes::comparison;
  template <class T>
  WEFT_HOST_DEVICE static bool apply(T a, T b) {
    return a == b;
  }
};

template <>
struct Binary<BinaryOp::not_equal> {
  static constexpr std::string_view name = "not_equal";
  static constexpr OpTypes types = OpTypes::comparison;
  template <class T>
  WEFT_HOST_DEVICE static bool apply(T a, T b) {
    return a != b;
  }
};

template <>
struct Binary<BinaryOp::less> {
  static constexpr std::string_view name = "less";
  static constexpr OpTypes types = OpTypes::comparison;
  template <class T>
  WEFT_HOST_DEVICE static bool apply(T a, T b) {
    return a < b;
  }
};

template <>
struct Binary<BinaryOp::less_equal> {
  static constexpr std::string_view name = "less_equal";
  static constexpr OpTypes types = OpTypes::comparison;
  template <class T>
  WEFT_HOST_DEVICE static bool apply(T a, T b) {
    return a <= b;
  }
};

template <>
struct Binary<BinaryOp::greater> {
  static constexpr std::string_view name = "greater";
  static constexpr OpTypes types = OpTypes::comparison;
  template <class T>
  WEFT_HOST_DEVICE static bool apply(T a, T b) {
    return a > b;
  }
};

template <>
struct Binary<BinaryOp::greater_equal> {
  static constexpr std::string_view name = "greater_equal";
  static constexpr OpTypes types = OpTypes::comparison;
  template <class T>
  WEFT_HOST_DEVICE static bool apply(T a, T b) {
    return a >= b;
  }
};

template <>
struct Unary<UnaryOp::logical_not> {
  static constexpr std::string_view name = "logical_not";
  static constexpr OpTypes types = OpTypes::logical;
  template <class T>
  WEFT_HOST_DEVICE static bool apply(T x) {
    return x == T(0);
  }
};

template <>
struct Binary<BinaryOp::logical_and> {
  static constexpr std::string_view name = "logical_and";
  static constexpr OpTypes types = OpTypes::logical;
  template <class T>
  WEFT_HOST_DEVICE static bool apply(T a, T b) {
    return a != T(0) && b != T(0);
  }
};

template <>
struct Binary<BinaryOp::logical_or> {
  static constexpr std::string_view name = "logical_or";
  static constexpr OpTypes types = OpTypes::logical;
  template <class T>
  WEFT_HOST_DEVICE static bool apply(T a, T b) {
    return a != T(0) || b != T(0);
  }
};

template <>
struct Binary<BinaryOp::logical_xor> {
  static constexpr std::string_view name = "logical_xor";
  static constexpr OpTypes types = OpTypes::logical;
  template <class T>
  WEFT_HOST_DEVICE static bool apply(T a, T b) {
    return (a != T(0)) != (b != T(0));
  }
};

template <>
struct Unary<UnaryOp::isnan> {
  static constexpr std::string_view name = "isnan";
  static constexpr OpTypes types = OpTypes::comparison;
  template <class T>
  WEFT_HOST_DEVICE static bool apply(T x) {
    return x != x;
  }
};

template <>
struct Unary<UnaryOp::isinf> {
  static constexpr std::string_view name = "isinf";
  static constexpr OpTypes types = OpTypes::comparison;
  template <class T>
  WEFT_HOST_DEVICE static bool apply(T x) {
    if constexpr (std::is_floating_point_v<T>) return std::fabs(x) == std::numeric_limits<T>::infinity();
    else return false;
  }
};

template <>
struct Unary<UnaryOp::isfinite> {
  static constexpr std::string_view name = "isfinite";
  static constexpr OpTypes types = OpTypes::comparison;
  template <class T>
  WEFT_HOST_DEVICE static bool apply(T x) {
    if constexpr (std::is_floating_point_v<T>) return std::fabs(x) <= std::numeric_limits<T>::max();
    else return true;
  }
};

}  // namespace weft
