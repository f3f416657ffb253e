// tensor/elementwise.h: arithmetic and the functions of analysis, element by element
//
// How operands of different shapes and dtypes meet stands in tensor/elementwise_core.h and tensor/promotion.h.
#pragma once
#include "tensor/activation.h"
#include "tensor/elementwise_core.h"
#include "tensor/logic.h"
#include "tensor/rounding.h"
#include "tensor/where.h"

namespace weft {

inline Tensor neg(const Tensor& x) { return unary(UnaryOp::neg, x); }
inline Tensor abs(const Tensor& x) { return unary(UnaryOp::abs, x); }
inline Tensor sign(const Tensor& x) { return unary(UnaryOp::sign, x); }      ///< -1, 0 or 1; NaN stays NaN
inline Tensor square(const Tensor& x) { return unary(UnaryOp::square, x); }  ///< x * x

// Integers give float32.
inline Tensor reciprocal(const Tensor& x) { return unary(UnaryOp::reciprocal, x); }  ///< 1 / x
inline Tensor exp(const Tensor& x) { return unary(UnaryOp::exp, x); }
inline Tensor exp2(const Tensor& x) { return unary(UnaryOp::exp2, x); }    ///< 2^x
inline Tensor expm1(const Tensor& x) { return unary(UnaryOp::expm1, x); }  ///< exp(x) - 1, exact for small x
inline Tensor log(const Tensor& x) { return unary(UnaryOp::log, x); }
inline Tensor log2(const Tensor& x) { return unary(UnaryOp::log2, x); }
inline Tensor log10(const Tensor& x) { return unary(UnaryOp::log10, x); }
inline Tensor log1p(const Tensor& x) { return unary(UnaryOp::log1p, x); }  ///< log(1 + x), exact for small x
inline Tensor sqrt(const Tensor& x) { return unary(UnaryOp::sqrt, x); }
inline Tensor rsqrt(const Tensor& x) { return unary(UnaryOp::rsqrt, x); }  ///< 1 / sqrt(x)
inline Tensor erf(const Tensor& x) {
  return unary(UnaryOp::erf, x);
}  ///< 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x
inline Tensor erfc(const Tensor& x) { return unary(UnaryOp::erfc, x); }  ///< 1 - erf(x), exact for large x
inline Tensor sin(const Tensor& x) { return unary(UnaryOp::sin, x); }
inline Tensor cos(const Tensor& x) { return unary(UnaryOp::cos, x); }
inline Tensor tan(const Tensor& x) { return unary(UnaryOp::tan, x); }
inline Tensor asin(const Tensor& x) { return unary(UnaryOp::asin, x); }
inline Tensor acos(const Tensor& x) { return unary(UnaryOp::acos, x); }
inline Tensor atan(const Tensor& x) { return unary(UnaryOp::atan, x); }
inline Tensor sinh(const Tensor& x) { return unary(UnaryOp::sinh, x); }
inline Tensor cosh(const Tensor& x) { return unary(UnaryOp::cosh, x); }
inline Tensor tanh(const Tensor& x) { return unary(UnaryOp::tanh, x); }

// Two tensors, or a tensor and a C++ number on either side.
inline Tensor add(const Tensor& a, const Tensor& b) { return binary(BinaryOp::add, a, b); }
inline Tensor add(const Tensor& a, Scalar b) { return binary(BinaryOp::add, a, b); }
inline Tensor add(Scalar a, const Tensor& b) { return binary(BinaryOp::add, a, b); }
inline Tensor sub(const Tensor& a, const Tensor& b) { return binary(BinaryOp::sub, a, b); }
inline Tensor sub(const Tensor& a, Scalar b) { return binary(BinaryOp::sub, a, b); }
inline Tensor sub(Scalar a, const Tensor& b) { return binary(BinaryOp::sub, a, b); }
inline Tensor mul(const Tensor& a, const Tensor& b) { return binary(BinaryOp::mul, a, b); }
inline Tensor mul(const Tensor& a, Scalar b) { return binary(BinaryOp::mul, a, b); }
inline Tensor mul(Scalar a, const Tensor& b) { return binary(BinaryOp::mul, a, b); }
inline Tensor div(const Tensor& a, const Tensor& b) { return binary(BinaryOp::div, a, b); }  ///< integers give float32
inline Tensor div(const Tensor& a, Scalar b) { return binary(BinaryOp::div, a, b); }
inline Tensor div(Scalar a, const Tensor& b) { return binary(BinaryOp::div, a, b); }
inline Tensor pow(const Tensor& a, const Tensor& b) {
  return binary(BinaryOp::pow, a, b);
}  ///< a^b; integers wrap, and to a negative power are 1 / a^-b cut off: 0, 1 or -1.  Throws: a negative number as b
inline Tensor pow(const Tensor& a, Scalar b) { return binary(BinaryOp::pow, a, b); }
inline Tensor pow(Scalar a, const Tensor& b) { return binary(BinaryOp::pow, a, b); }
inline Tensor maximum(const Tensor& a, const Tensor& b) {
  return binary(BinaryOp::maximum, a, b);
}  ///< NaN on either side wins
inline Tensor maximum(const Tensor& a, Scalar b) { return binary(BinaryOp::maximum, a, b); }
inline Tensor maximum(Scalar a, const Tensor& b) { return binary(BinaryOp::maximum, a, b); }
inline Tensor minimum(const Tensor& a, const Tensor& b) {
  return binary(BinaryOp::minimum, a, b);
}  ///< NaN on either side wins
inline Tensor minimum(const Tensor& a, Scalar b) { return binary(BinaryOp::minimum, a, b); }
inline Tensor minimum(Scalar a, const Tensor& b) { return binary(BinaryOp::minimum, a, b); }
inline Tensor atan2(const Tensor& a, const Tensor& b) {
  return binary(BinaryOp::atan2, a, b);
}  ///< the angle of the point (b, a); integers give float32
inline Tensor atan2(const Tensor& a, Scalar b) { return binary(BinaryOp::atan2, a, b); }
inline Tensor atan2(Scalar a, const Tensor& b) { return binary(BinaryOp::atan2, a, b); }
inline Tensor hypot(const Tensor& a, const Tensor& b) {
  return binary(BinaryOp::hypot, a, b);
}  ///< sqrt(a^2 + b^2); integers give float32
inline Tensor hypot(const Tensor& a, Scalar b) { return binary(BinaryOp::hypot, a, b); }
inline Tensor hypot(Scalar a, const Tensor& b) { return binary(BinaryOp::hypot, a, b); }

inline Tensor operator-(const Tensor& x) { return neg(x); }
inline Tensor operator+(const Tensor& a, const Tensor& b) { return add(a, b); }
inline Tensor operator+(const Tensor& a, Scalar b) { return add(a, b); }
inline Tensor operator+(Scalar a, const Tensor& b) { return add(a, b); }
inline Tensor operator-(const Tensor& a, const Tensor& b) { return sub(a, b); }
inline Tensor operator-(const Tensor& a, Scalar b) { return sub(a, b); }
inline Tensor operator-(Scalar a, const Tensor& b) { return sub(a, b); }
inline Tensor operator*(const Tensor& a, const Tensor& b) { return mul(a, b); }
inline Tensor operator*(const Tensor& a, Scalar b) { return mul(a, b); }
inline Tensor operator*(Scalar a, const Tensor& b) { return mul(a, b); }
inline Tensor operator/(const Tensor& a, const Tensor& b) { return div(a, b); }
inline Tensor operator/(const Tensor& a, Scalar b) { return div(a, b); }
inline Tensor operator/(Scalar a, const Tensor& b) { return div(a, b); }

}  // namespace weft
