// autograd/rounding.h: functions with steps; their derivative is 0 between the steps, and taken as 0 at them
#pragma once
#include "autograd/variable.h"
#include "tensor/rounding.h"

namespace weft {

Variable sign(const Variable& x);
Variable floor(const Variable& x);
Variable ceil(const Variable& x);
Variable round(const Variable& x);
Variable trunc(const Variable& x);

/// Operands broadcast, as in autograd/elementwise.h. The whole number of times that b goes into a counts as constant.
Variable floor_divide(const Variable& a, const Variable& b);
Variable remainder(const Variable& a, const Variable& b);
Variable fmod(const Variable& a, const Variable& b);
Variable floor_divide(const Variable& a, Scalar b);
Variable remainder(const Variable& a, Scalar b);
Variable fmod(const Variable& a, Scalar b);
Variable floor_divide(Scalar a, const Variable& b);
Variable remainder(Scalar a, const Variable& b);
Variable fmod(Scalar a, const Variable& b);

}  // namespace weft
