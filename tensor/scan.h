// tensor/scan.h: running sums and products
#pragma once
#include "tensor/direction.h"
#include "tensor/tensor.h"

namespace weft {

/// y_i = x_0 + ... + x_i along `axis`; From::last: x_i + ... + x_n-1.  y has x's shape; bool and integers give int64.
/// Float32 is added up in float64, from the first element to the last, so that a sum of positive numbers never falls. A
/// 0-dim x is its own sum, along axis 0 or -1.  Throws: axis out of range, bfloat16.
Tensor cumsum(const Tensor& x, int64_t axis, From from = From::first);
/// y_i = x_0 * ... * x_i, and alike.
Tensor cumprod(const Tensor& x, int64_t axis, From from = From::first);

}  // namespace weft
