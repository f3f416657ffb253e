// autograd/matmul.h: matrix products that record their derivative
#pragma once
#include "autograd/variable.h"
#include "tensor/matmul.h"

namespace weft {

/// See the tensor function of the same name for shapes and errors.
Variable matmul(const Variable& a, const Variable& b);

/// y = x weight^T + bias.  x [..., in], weight [out, in], bias [out] or undefined -> y [..., out].
/// Throws: sizes, dtypes or devices that do not fit.
Variable linear(const Variable& x, const Variable& weight, const Variable& bias = {});

}  // namespace weft
