// tensor/statistics.h: how far the elements lie from their mean
#pragma once
#include "tensor/reduce.h"

namespace weft {

/// sum((x - mean(x))^2) / (n - correction) over `axes` (none named: over all), n elements each; correction 1 makes the
/// estimate from a sample unbiased, 0 divides by n. Two passes: no digits are lost where the mean is large.
/// NaN where n is not above correction (inf where x is not constant). inf where the sum of squares leaves the dtype.
/// Throws: as sum, integer dtype.
Tensor var(const Tensor& x, const Axes& axes = {}, Keep keep = Keep::no, int64_t correction = 1);
/// sqrt(var(x)): the standard deviation. float32 is squared in float64, so that only a result too large is inf.
Tensor stddev(const Tensor& x, const Axes& axes = {}, Keep keep = Keep::no, int64_t correction = 1);

// What var and normalization begin with. A rounded mean of equal elements is not their value: counted from the first
// of them first, they are all 0 afterwards. `axes` are normalized (tensor/shape.h).

/// The first element along `axes`, which keep size 1; x itself where there is none.
Tensor first_along(const Tensor& x, const Axes& axes);
/// (x - mean(x)) / 2 along `axes`, a new tensor: halves, because the distance of finite elements may not be finite.
Tensor centred_half(const Tensor& x, const Axes& axes);

}  // namespace weft
