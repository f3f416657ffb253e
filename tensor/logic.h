// tensor/logic.h: comparisons, truth, and bits
#pragma once
#include "tensor/elementwise_core.h"

namespace weft {

// These give bool. Operands of logical functions count as x != 0.
inline Tensor equal(const Operand& a, const Operand& b) { return binary(BinaryOp::equal, a, b); }
inline Tensor not_equal(const Operand& a, const Operand& b) { return binary(BinaryOp::not_equal, a, b); }
inline Tensor less(const Operand& a, const Operand& b) { return binary(BinaryOp::less, a, b); }
inline Tensor less_equal(const Operand& a, const Operand& b) { return binary(BinaryOp::less_equal, a, b); }
inline Tensor greater(const Operand& a, const Operand& b) { return binary(BinaryOp::greater, a, b); }
inline Tensor greater_equal(const Operand& a, const Operand& b) { return binary(BinaryOp::greater_equal, a, b); }
inline Tensor logical_and(const Operand& a, const Operand& b) { return binary(BinaryOp::logical_and, a, b); }
inline Tensor logical_or(const Operand& a, const Operand& b) { return binary(BinaryOp::logical_or, a, b); }
inline Tensor logical_xor(const Operand& a, const Operand& b) { return binary(BinaryOp::logical_xor, a, b); }
inline Tensor logical_not(const Tensor& x) { return unary(UnaryOp::logical_not, x); }  ///< x == 0
inline Tensor isnan(const Tensor& x) { return unary(UnaryOp::isnan, x); }
inline Tensor isinf(const Tensor& x) { return unary(UnaryOp::isinf, x); }        ///< inf or -inf
inline Tensor isfinite(const Tensor& x) { return unary(UnaryOp::isfinite, x); }  ///< neither inf, -inf nor NaN

// Bit by bit.  All throw: a float.
inline Tensor bitwise_and(const Operand& a, const Operand& b) { return binary(BinaryOp::bitwise_and, a, b); }
inline Tensor bitwise_or(const Operand& a, const Operand& b) { return binary(BinaryOp::bitwise_or, a, b); }
inline Tensor bitwise_xor(const Operand& a, const Operand& b) { return binary(BinaryOp::bitwise_xor, a, b); }
inline Tensor bitwise_not(const Tensor& x) { return unary(UnaryOp::bitwise_not, x); }  ///< bool: !x

// All bits are moved out by a count that is negative, or not below the number of bits.  Both throw: bool.
inline Tensor left_shift(const Operand& a, const Operand& b) {
  return binary(BinaryOp::left_shift, a, b);
}  ///< a 2^b, wraps
inline Tensor right_shift(const Operand& a, const Operand& b) {
  return binary(BinaryOp::right_shift, a, b);
}  ///< floor(a / 2^b)

}  // namespace weft
