// tensor/scan.h: running sums and products
#pragma once
#include "tensor/direction.h"
#include "tensor/tensor.h"

namespace weft {

/// y_i = x_0 + ... + x_i along `axis`; From::last: x_i + ... + x_n-1.  y has x's shape; bool and integers give int64.
/// Float32 is added up in float64.  Throws: axis out of range.
Tensor cumsum(const Tensor& x, int64_t axis, From from = From::first);
/// y_i = x_0 * ... * x_i, and alike.
Tensor cumprod(const Tensor& x, int64_t axis, From from = From::first);

}  // namespace weft
