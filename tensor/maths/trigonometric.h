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

}  // namespace weft
