// tensor/softmax.cpp: turning scores into probabilities
#include "tensor/softmax.h"

#include "tensor/backend.h"
#include "tensor/checks.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"
#include "tensor/reduce.h"

namespace weft {

Tensor softmax(const Tensor& x, int64_t axis) {
  check_floating("softmax", x);
  axis = normalize_axis("softmax", axis, x);
  if (x.numel() == 0) return empty_like(x);
  // Not exp(log_softmax(x)): that loses a digit wherever the logarithm is large.
  const Tensor weights = exp(x - max(x, {axis}, Keep::dim));  // the largest is 1, so nothing overflows
  return weights / sum(weights, {axis}, Keep::dim);
}

Tensor log_softmax(const Tensor& x, int64_t axis) {
  check_floating("log_softmax", x);
  axis = normalize_axis("log_softmax", axis, x);
  Tensor y = empty_like(x);
  if (y.numel() > 0) y.backend().log_softmax(x, axis, y);
  return y;
}

}  // namespace weft
