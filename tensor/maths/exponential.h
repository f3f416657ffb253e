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

template <>
struct Unary<UnaryOp::exp2> {
  static constexpr std::string_view name = "exp2";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return std::exp2(x);
  }
};

template <>
struct Unary<UnaryOp::expm1> {  // exp(x) - 1 without losing small x
  static constexpr std::string_view name = "expm1";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return std::expm1(x);
  }
};

template <>
struct Unary<UnaryOp::log2> {
  static constexpr std::string_view name = "log2";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return std::log2(x);
  }
};

template <>
struct Unary<UnaryOp::log10> {
  static constexpr std::string_view name = "log10";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return std::log10(x);
  }
};

template <>
struct Unary<UnaryOp::erf> {
  static constexpr std::string_view name = "erf";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return std::erf(x);
  }
};

template <>
struct Unary<UnaryOp::erfc> {  // 1 - erf(x) without losing large x
  static constexpr std::string_view name = "erfc";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return std::erfc(x);
  }
};

}  // namespace weft
