// tensor/norm.h: how long a vector is
#pragma once
#include "tensor/reduce.h"

namespace weft {

/// (sum |x_i|^p)^(1/p) over `axes` (none named: over all, as one vector).  float.  p = inf: the largest |x_i|; -inf:
/// the smallest; 0: how many are not 0.  Throws: as sum, integer dtype, p is NaN, nothing to reduce for p < 0 or inf.
Tensor norm(const Tensor& x, double p = 2, const Axes& axes = {}, Keep keep = Keep::no);

/// The axes that norm reduces, 0 .. rank - 1.  Throws: as norm.
Axes norm_axes(const Tensor& x, double p, const Axes& axes);

}  // namespace weft
