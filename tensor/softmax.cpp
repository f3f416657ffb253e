// tensor/softmax.cpp: turning scores into probabilities
#include "tensor/softmax.h"

#include <limits>

#include "tensor/backend.h"
#include "tensor/checks.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"
#include "tensor/fusing.h"
#include "tensor/reduce.h"

namespace weft {

Tensor softmax(const Tensor& x, int64_t axis) {
  check_floating("softmax", x);
  if (is_row_of_one(x, axis)) return softmax(x.reshape({1}), 0).reshape({});
  axis = normalize_axis("softmax", axis, x);
  if (x.numel() == 0) return empty_like(x);
  // Not exp(log_softmax(x)): that loses a digit wherever the logarithm is large.
  const Tensor weights = exp(x - max(x, {axis}, Keep::dim));  // the largest is 1, so nothing overflows
  return weights / sum(weights, {axis}, Keep::dim);
}

Tensor log_softmax(const Tensor& x, int64_t axis) {
  check_floating("log_softmax", x);
  if (is_row_of_one(x, axis)) return log_softmax(x.reshape({1}), 0).reshape({});
  axis = normalize_axis("log_softmax", axis, x);
  Tensor y = empty_like(x);
  if (y.numel() == 0) return y;
  if (fusing()) y.backend().log_softmax(x, axis, y);
  else y.backend().Backend::log_softmax(x, axis, y);
  return y;
}

Tensor logsumexp(const Tensor& x, const Axes& axes, Keep keep) {
  check_floating("logsumexp", x);
  const Axes reduced = normalize_axes("logsumexp", axes, x);
  if (x.numel() == 0) return log(sum(x, reduced, keep));
  const Tensor top = max(x, reduced, Keep::dim);
  const Tensor infinite = equal(abs(top), std::numeric_limits<double>::infinity());
  const Tensor shift = where(infinite, zeros_like(top), top);  // inf - inf would be NaN
  const Tensor y = log(sum(exp(x - shift), reduced, Keep::dim)) + shift;
  return y.reshape(reduced_shape(x.shape(), reduced, keep == Keep::dim));
}

}  // namespace weft
