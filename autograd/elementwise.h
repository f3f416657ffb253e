// autograd/elementwise.h: element-wise functions of tensor/elementwise.h that record their derivative
#pragma once
#include "autograd/activation.h"
#include "autograd/logic.h"
#include "autograd/rounding.h"
#include "autograd/variable.h"
#include "autograd/where.h"
#include "tensor/elementwise.h"

namespace weft {

Variable neg(const Variable& x);
Variable abs(const Variable& x);  ///< derivative at 0 is 0
Variable square(const Variable& x);
Variable reciprocal(const Variable& x);
Variable exp(const Variable& x);
Variable exp2(const Variable& x);
Variable expm1(const Variable& x);
Variable log(const Variable& x);
Variable log2(const Variable& x);
Variable log10(const Variable& x);
Variable log1p(const Variable& x);
Variable sqrt(const Variable& x);
Variable rsqrt(const Variable& x);
Variable erf(const Variable& x);
Variable erfc(const Variable& x);
Variable sin(const Variable& x);
Variable cos(const Variable& x);
Variable tan(const Variable& x);
Variable asin(const Variable& x);
Variable acos(const Variable& x);
Variable atan(const Variable& x);
Variable sinh(const Variable& x);
Variable cosh(const Variable& x);
Variable tanh(const Variable& x);

/// Operands broadcast; each gradient is summed back to its operand's shape and cast back to its dtype. A number is an
/// operand as in tensor/elementwise.h: the same values, in the same dtype.
Variable add(const Variable& a, const Variable& b);
Variable sub(const Variable& a, const Variable& b);
Variable mul(const Variable& a, const Variable& b);
Variable div(const Variable& a, const Variable& b);
Variable pow(const Variable& a, const Variable& b);
Variable pow(const Variable& a, Scalar b);
Variable pow(Scalar a, const Variable& b);
Variable atan2(const Variable& a, const Variable& b);  ///< derivative at the origin is NaN
Variable atan2(const Variable& a, Scalar b);
Variable atan2(Scalar a, const Variable& b);
Variable hypot(const Variable& a, const Variable& b);  ///< derivative at the origin is NaN
Variable hypot(const Variable& a, Scalar b);
inline Variable hypot(Scalar a, const Variable& b) { return hypot(b, a); }
Variable maximum(const Variable& a, const Variable& b);  ///< equal elements share the gradient half and half
Variable minimum(const Variable& a, const Variable& b);
Variable maximum(const Variable& a, Scalar b);
Variable minimum(const Variable& a, Scalar b);
inline Variable maximum(Scalar a, const Variable& b) { return maximum(b, a); }
inline Variable minimum(Scalar a, const Variable& b) { return minimum(b, a); }
Variable add(const Variable& a, Scalar b);
inline Variable add(Scalar a, const Variable& b) { return add(b, a); }
Variable sub(const Variable& a, Scalar b);
Variable sub(Scalar a, const Variable& b);
Variable mul(const Variable& a, Scalar b);
inline Variable mul(Scalar a, const Variable& b) { return mul(b, a); }
Variable div(const Variable& a, Scalar b);
Variable div(Scalar a, const Variable& b);

inline Variable operator-(const Variable& x) { return neg(x); }
inline Variable operator+(const Variable& a, const Variable& b) { return add(a, b); }
inline Variable operator-(const Variable& a, const Variable& b) { return sub(a, b); }
inline Variable operator*(const Variable& a, const Variable& b) { return mul(a, b); }
inline Variable operator/(const Variable& a, const Variable& b) { return div(a, b); }
inline Variable operator+(const Variable& a, Scalar b) { return add(a, b); }
inline Variable operator-(const Variable& a, Scalar b) { return sub(a, b); }
inline Variable operator*(const Variable& a, Scalar b) { return mul(a, b); }
inline Variable operator/(const Variable& a, Scalar b) { return div(a, b); }
inline Variable operator+(Scalar a, const Variable& b) { return add(b, a); }
inline Variable operator-(Scalar a, const Variable& b) { return sub(a, b); }
inline Variable operator*(Scalar a, const Variable& b) { return mul(b, a); }
inline Variable operator/(Scalar a, const Variable& b) { return div(a, b); }

}  // namespace weft
