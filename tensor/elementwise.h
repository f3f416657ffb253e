// tensor/elementwise.h: functions that work element by element, with broadcasting
//
// Two operands are broadcast (aligned at the right, size 1 stretches) and brought to one dtype: the higher kind
// (bool < integer < float), within a kind the wider; 0-dim tensors and C++ numbers do not widen within a kind.
// Integers wrap on overflow: int32 2^31 - 1 plus 1 is -2^31, and -(-2^31), abs and square wrap alike.
// Every function returns a new contiguous tensor.  All throw: shapes that do not broadcast, devices that differ.
#pragma once
#include "tensor/maths/op.h"
#include "tensor/tensor.h"

namespace weft {

/// One operand of a binary function: a tensor, or a C++ number that takes the other operand's device.
class Operand {
 public:
  Operand(const Tensor& tensor) : tensor_(&tensor) {}
  template <class T, class = std::enable_if_t<std::is_arithmetic_v<T>>>
  Operand(T value) : scalar_(value) {}
  Operand(Scalar value) : scalar_(value) {}

  bool is_scalar() const { return tensor_ == nullptr; }
  const Tensor& tensor() const { return *tensor_; }
  Scalar scalar() const { return scalar_; }

 private:
  const Tensor* tensor_ = nullptr;
  Scalar scalar_ = 0;
};

Tensor unary(UnaryOp op, const Tensor& x);
Tensor binary(BinaryOp op, const Operand& a, const Operand& b);

Tensor neg(const Tensor& x);
Tensor abs(const Tensor& x);
Tensor sign(const Tensor& x);    ///< -1, 0 or 1; NaN stays NaN
Tensor square(const Tensor& x);  ///< x * x
Tensor exp(const Tensor& x);     ///< this and the next ten: integers give float32
Tensor log(const Tensor& x);
Tensor log1p(const Tensor& x);  ///< log(1 + x), exact for small x
Tensor sqrt(const Tensor& x);
Tensor rsqrt(const Tensor& x);       ///< 1 / sqrt(x)
Tensor reciprocal(const Tensor& x);  ///< 1 / x
Tensor sin(const Tensor& x);
Tensor cos(const Tensor& x);
Tensor tanh(const Tensor& x);
Tensor sigmoid(const Tensor& x);  ///< 1 / (1 + exp(-x))
Tensor relu(const Tensor& x);     ///< max(x, 0); NaN stays NaN
Tensor floor(const Tensor& x);
Tensor logical_not(const Tensor& x);  ///< x == 0, bool

// Arithmetic: two tensors, or a tensor and a C++ number on either side.
Tensor add(const Tensor& a, const Tensor& b);
Tensor sub(const Tensor& a, const Tensor& b);
Tensor mul(const Tensor& a, const Tensor& b);
Tensor div(const Tensor& a, const Tensor& b);      ///< integers give float32
Tensor pow(const Tensor& a, const Tensor& b);      ///< a^b; integers give float32
Tensor maximum(const Tensor& a, const Tensor& b);  ///< NaN on either side wins
Tensor minimum(const Tensor& a, const Tensor& b);  ///< NaN on either side wins
inline Tensor add(const Tensor& a, Scalar b) { return binary(BinaryOp::add, a, b); }
inline Tensor sub(const Tensor& a, Scalar b) { return binary(BinaryOp::sub, a, b); }
inline Tensor mul(const Tensor& a, Scalar b) { return binary(BinaryOp::mul, a, b); }
inline Tensor div(const Tensor& a, Scalar b) { return binary(BinaryOp::div, a, b); }
inline Tensor pow(const Tensor& a, Scalar b) { return binary(BinaryOp::pow, a, b); }
inline Tensor maximum(const Tensor& a, Scalar b) { return binary(BinaryOp::maximum, a, b); }
inline Tensor minimum(const Tensor& a, Scalar b) { return binary(BinaryOp::minimum, a, b); }
inline Tensor add(Scalar a, const Tensor& b) { return binary(BinaryOp::add, a, b); }
inline Tensor sub(Scalar a, const Tensor& b) { return binary(BinaryOp::sub, a, b); }
inline Tensor mul(Scalar a, const Tensor& b) { return binary(BinaryOp::mul, a, b); }
inline Tensor div(Scalar a, const Tensor& b) { return binary(BinaryOp::div, a, b); }
inline Tensor pow(Scalar a, const Tensor& b) { return binary(BinaryOp::pow, a, b); }
inline Tensor maximum(Scalar a, const Tensor& b) { return binary(BinaryOp::maximum, a, b); }
inline Tensor minimum(Scalar a, const Tensor& b) { return binary(BinaryOp::minimum, a, b); }

Tensor equal(const Operand& a, const Operand& b);  ///< this and the next five: bool
Tensor not_equal(const Operand& a, const Operand& b);
Tensor less(const Operand& a, const Operand& b);
Tensor less_equal(const Operand& a, const Operand& b);
Tensor greater(const Operand& a, const Operand& b);
Tensor greater_equal(const Operand& a, const Operand& b);
Tensor logical_and(const Operand& a, const Operand& b);
Tensor logical_or(const Operand& a, const Operand& b);

/// condition ? a : b, all three broadcast; condition is bool, a and b have one dtype.
Tensor where(const Tensor& condition, const Tensor& a, const Tensor& b);

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
