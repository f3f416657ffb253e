// tensor/maths/exponential.h: exponentials, logarithms and roots
#pragma once
#include <cmath>

#include "tensor/maths/op.h"

namespace weft {

template <>
struct Unary<UnaryOp::exp> {
  static constexpr std::string_view name = "exp";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return std::exp(x);
  }
};

template <>
struct Unary<UnaryOp::log> {
  static constexpr std::string_view name = "log";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return std::log(x);
  }
};

template <>
struct Unary<UnaryOp::log1p> {  // log(1 + x) without losing small x
  static constexpr std::string_view name = "log1p";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return std::log1p(x);
  }
};

template <>
struct Unary<UnaryOp::sqrt> {
  static constexpr std::string_view name = "sqrt";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return std::sqrt(x);
  }
};

template <>
struct Unary<UnaryOp::rsqrt> {
  static constexpr std::string_view name = "rsqrt";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return T(1) / std::sqrt(x);
  }
};

}  // namespace weft
