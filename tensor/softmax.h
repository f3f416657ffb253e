// tensor/softmax.h: turning scores into probabilities
#pragma once
#include "tensor/reduce.h"

namespace weft {

/// y_i = exp(x_i) / sum_j exp(x_j) along `axis`.  x [any shape], float -> y, same shape.
/// A slice of only -inf gives NaN.  Throws: axis out of range, integer dtype.
Tensor softmax(const Tensor& x, int64_t axis = -1);

/// log(softmax(x)) without the overflow and the lost digits of doing it in two steps.
Tensor log_softmax(const Tensor& x, int64_t axis = -1);

/// y = log(sum_i exp(x_i)) over `axes` (none named: over all), without overflow.  float.  A slice of only -inf, or
/// empty, gives -inf.  Throws: as sum, integer dtype.
Tensor logsumexp(const Tensor& x, const Axes& axes = {}, Keep keep = Keep::no);

}  // namespace weft
