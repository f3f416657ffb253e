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

template <>
struct Unary<UnaryOp::log_sigmoid> {  // -log(1 + exp(-x)), which would overflow for x << 0
  static constexpr std::string_view name = "log_sigmoid";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return (x < T(0) ? x : T(0)) - std::log1p(std::exp(-std::fabs(x)));
  }
};

template <>
struct Unary<UnaryOp::silu> {  // x sigmoid(x)
  static constexpr std::string_view name = "silu";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return x / (T(1) + std::exp(-x));
  }
};

template <>
struct Unary<UnaryOp::gelu> {  // x Phi(x), Phi(x) = erfc(-x / sqrt(2)) / 2: the normal distribution keeps its digits
                               // for x << 0
  static constexpr std::string_view name = "gelu";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return T(0.5) * x * std::erfc(x * T(-0.70710678118654752440));
  }
};

template <>
struct Unary<UnaryOp::gelu_tanh> {  // Hendrycks and Gimpel 2016, equation 2
  static constexpr std::string_view name = "gelu_tanh";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    constexpr T factor = T(0.79788456080286535588);  // sqrt(2 / pi)
    return T(0.5) * x * (T(1) + std::tanh(factor * (x + T(0.044715) * x * x * x)));
  }
};

// Klambauer et al. 2017: what keeps mean 0 and variance 1 from layer to layer.
inline constexpr double kSeluAlpha = 1.6732632423543772848, kSeluScale = 1.0507009873554804934;

template <>
struct Unary<UnaryOp::selu> {
  static constexpr std::string_view name = "selu";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return T(kSeluScale) * (x > T(0) ? x : T(kSeluAlpha) * std::expm1(x));
  }
};

template <>
struct Unary<UnaryOp::mish> {  // x tanh(log(1 + exp(x))), the logarithm as in softplus
  static constexpr std::string_view name = "mish";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return x * std::tanh((x > T(0) ? x : T(0)) + std::log1p(std::exp(-std::fabs(x))));
  }
};

template <>
struct Unary<UnaryOp::hardswish> {  // x min(max(x + 3, 0), 6) / 6
  static constexpr std::string_view name = "hardswish";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return x * (x < T(-3) ? T(0) : x > T(3) ? T(6) : x + T(3)) / T(6);
  }
};

template <>
struct Binary<BinaryOp::leaky_relu> {
  static constexpr std::string_view name = "leaky_relu";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x, T slope) {
    return x > T(0) ? x : slope * x;
  }
};

template <>
struct Binary<BinaryOp::elu> {
  static constexpr std::string_view name = "elu";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x, T alpha) {
    return x > T(0) ? x : alpha * std::expm1(x);
  }
};

template <>
struct Binary<BinaryOp::softplus> {  // log(1 + exp(x)) = max(x, 0) + log1p(exp(-|x|)), which cannot overflow
  static constexpr std::string_view name = "softplus";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x, T threshold) {
    if (x > threshold) return x;
    return (x > T(0) ? x : T(0)) + std::log1p(std::exp(-std::fabs(x)));
  }
};

}  // namespace weft
