// tensor/rounding.h: to whole numbers, and division with a remainder
#pragma once
#include "tensor/elementwise_core.h"

namespace weft {

inline Tensor floor(const Tensor& x) { return unary(UnaryOp::floor, x); }
inline Tensor ceil(const Tensor& x) { return unary(UnaryOp::ceil, x); }
inline Tensor round(const Tensor& x) { return unary(UnaryOp::round, x); }  ///< half to even: 0.5 and 1.5 give 0 and 2
inline Tensor trunc(const Tensor& x) { return unary(UnaryOp::trunc, x); }  ///< towards zero

// Integers stay integers.  All three throw: an integer divisor is 0. A float divided by 0 gives inf or NaN.
inline Tensor floor_divide(const Tensor& a, const Tensor& b) {
  return binary(BinaryOp::floor_divide, a, b);
}  ///< floor(a / b)
inline Tensor floor_divide(const Tensor& a, Scalar b) { return binary(BinaryOp::floor_divide, a, b); }
inline Tensor floor_divide(Scalar a, const Tensor& b) { return binary(BinaryOp::floor_divide, a, b); }
inline Tensor remainder(const Tensor& a, const Tensor& b) {
  return binary(BinaryOp::remainder, a, b);
}  ///< a - floor(a / b) b: the sign of b
inline Tensor remainder(const Tensor& a, Scalar b) { return binary(BinaryOp::remainder, a, b); }
inline Tensor remainder(Scalar a, const Tensor& b) { return binary(BinaryOp::remainder, a, b); }
inline Tensor fmod(const Tensor& a, const Tensor& b) {
  return binary(BinaryOp::fmod, a, b);
}  ///< a - trunc(a / b) b: the sign of a
inline Tensor fmod(const Tensor& a, Scalar b) { return binary(BinaryOp::fmod, a, b); }
inline Tensor fmod(Scalar a, const Tensor& b) { return binary(BinaryOp::fmod, a, b); }

}  // namespace weft
