// autograd/where.h: choices between values, which record their derivative; conditions are constants
#pragma once
#include "autograd/variable.h"
#include "tensor/where.h"

namespace weft {

/// condition ? a : b; the gradient goes where the value came from.
Variable where(const Tensor& condition, const Variable& a, const Variable& b);
Variable where(const Tensor& condition, const Variable& a, Scalar b);
Variable where(const Tensor& condition, Scalar a, const Variable& b);

Variable masked_fill(const Variable& x, const Tensor& mask, Scalar value);
Variable masked_fill(const Variable& x, const Tensor& mask, const Variable& value);  ///< value is 0-dim

/// The gradient goes to x between the bounds and at them, else to the bound that is the result. NaN in x drops it, and
/// so does an x below two equal bounds, as in PyTorch.
Variable clamp(const Variable& x, std::optional<Scalar> low, std::optional<Scalar> high = {});
Variable clamp(const Variable& x, const Variable& low, const Variable& high);

Variable lerp(const Variable& a, const Variable& b, const Variable& weight);
Variable lerp(const Variable& a, const Variable& b, Scalar weight);

}  // namespace weft
