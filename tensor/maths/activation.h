// tensor/maths/activation.h: what neurons do to their input
#pragma once
#include <cmath>

#include "tensor/maths/op.h"

namespace weft {

template <>
struct Unary<UnaryOp::sigmoid> {  // 1 / (1 + exp(-x)): exp overflows to inf for x << 0, and 1 / inf is the right 0
  static constexpr std::string_view name = "sigmoid";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return T(1) / (T(1) + std::exp(-x));
  }
};

template <>
struct Unary<UnaryOp::relu> {  // NaN stays NaN
  static constexpr std::string_view name = "relu";
  static constexpr OpTypes types = OpTypes::same;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return x < T(0) ? T(0) : x;
  }
};

}  // namespace weft
