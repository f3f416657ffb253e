// tensor/where.h: one of several values, element by element, and what lies between two
#pragma once
#include <optional>

#include "tensor/elementwise_core.h"

namespace weft {

/// condition ? a : b, all three broadcast; condition is bool, a and b are brought to one dtype.
Tensor where(const Tensor& condition, const Tensor& a, const Tensor& b);
Tensor where(const Tensor& condition, const Tensor& a, Scalar b);
Tensor where(const Tensor& condition, Scalar a, const Tensor& b);
Tensor where(const Tensor& condition, Scalar a, Scalar b);

/// x with `value` (a number, or a 0-dim tensor) where `mask` (bool) holds; both broadcast. The dtype stays x's: a float
/// for an integer x is cut off.  Throws: the value has axes, or does not fit.
Tensor masked_fill(const Tensor& x, const Tensor& mask, Scalar value);
Tensor masked_fill(const Tensor& x, const Tensor& mask, const Tensor& value);

/// min(max(x, low), high): where low > high it is high. NaN stays NaN. Either bound may be missing: an empty optional,
/// an undefined tensor.  Throws: both are missing.
Tensor clamp(const Tensor& x, std::optional<Scalar> low, std::optional<Scalar> high = {});
Tensor clamp(const Tensor& x, const Tensor& low, const Tensor& high);

/// a + weight (b - a), exactly b at weight 1; all three broadcast.
/// Throws: a is no float, a and b differ in dtype, devices that differ, shapes that do not broadcast.
Tensor lerp(const Tensor& a, const Tensor& b, const Tensor& weight);
Tensor lerp(const Tensor& a, const Tensor& b, Scalar weight);

}  // namespace weft
