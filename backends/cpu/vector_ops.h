// backends/cpu/vector_ops.h: the formulas of tensor/maths that this backend works out with vector maths
//
// The same formulas, so the same inf, NaN and signs of zero; only exp, expm1, log, log1p and tanh are others. Errors
// are in ulp of the true value, over all x unless a range is given.
#pragma once
#include "backends/cpu/vector_maths.h"
#include "tensor/scalar_maths.h"

namespace weft::cpu_kernels {

/// An op's formula for elements of T: that of every backend, unless a faster one follows.
template <class Maths, class T>
struct CpuOp : Maths {};

template <>
struct CpuOp<Unary<UnaryOp::exp>, float> {  // 1 ulp
  static float apply(float x) { return vector_exp(x); }
};

template <>
struct CpuOp<Unary<UnaryOp::expm1>, float> {  // 2 ulp
  static float apply(float x) { return vector_expm1(x); }
};

template <>
struct CpuOp<Unary<UnaryOp::log>, float> {  // 1 ulp
  static float apply(float x) { return vector_log(x); }
};

template <>
struct CpuOp<Unary<UnaryOp::log1p>, float> {  // 2 ulp
  static float apply(float x) { return vector_log1p(x); }
};

template <>
struct CpuOp<Unary<UnaryOp::tanh>, float> {  // 2 ulp
  static float apply(float x) { return vector_tanh(x); }
};

template <>
struct CpuOp<Unary<UnaryOp::sigmoid>, float> {  // 3 ulp above -87; falls to 0, unlike vector_sigmoid
  static float apply(float x) { return 1.0f / (1.0f + vector_exp(-x)); }
};

template <>
struct CpuOp<Unary<UnaryOp::silu>, float> {  // 3 ulp above -87
  static float apply(float x) { return x / (1.0f + vector_exp(-x)); }
};

/// log(1 + exp(-|x|)).
inline float softplus_of_minus_size(float x) { return vector_log1p(vector_exp(-std::fabs(x))); }

template <>
struct CpuOp<Unary<UnaryOp::log_sigmoid>, float> {  // 2 ulp
  static float apply(float x) { return (x < 0.0f ? x : 0.0f) - softplus_of_minus_size(x); }
};

template <>
struct CpuOp<Binary<BinaryOp::softplus>, float> {  // 2 ulp
  static float apply(float x, float threshold) {
    return x > threshold ? x : (x > 0.0f ? x : 0.0f) + softplus_of_minus_size(x);
  }
};

template <>
struct CpuOp<Unary<UnaryOp::mish>, float> {  // tanh(log(1 + e)) = e (e + 2) / (e (e + 2) + 2); 4 ulp above -87
  static float apply(float x) {
    const float e = vector_exp(x), w = e * (e + 2.0f);
    return x > 20.0f ? x : x * (w / (w + 2.0f));  // 1 there, and w would overflow
  }
};

template <>
struct CpuOp<Unary<UnaryOp::gelu_tanh>, float> {  // 4 ulp above 0; 2e-7 |x| below, where 1 + tanh cancels
  static float apply(float x) {
    constexpr float kFactor = 0.79788456080286535588f;  // sqrt(2 / pi)
    return 0.5f * x * (1.0f + vector_tanh(kFactor * (x + 0.044715f * x * x * x)));
  }
};

template <>
struct CpuOp<Unary<UnaryOp::selu>, float> {  // 3 ulp
  static float apply(float x) {
    return static_cast<float>(kSeluScale) * (x > 0.0f ? x : static_cast<float>(kSeluAlpha) * vector_expm1(x));
  }
};

template <>
struct CpuOp<Binary<BinaryOp::elu>, float> {  // 3 ulp
  static float apply(float x, float alpha) { return x > 0.0f ? x : alpha * vector_expm1(x); }
};

}  // namespace weft::cpu_kernels
