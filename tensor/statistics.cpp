// tensor/statistics.cpp: how far the elements lie from their mean
#include "tensor/statistics.h"

#include <algorithm>

#include "tensor/checks.h"
#include "tensor/elementwise.h"

namespace weft {
namespace {

/// Of x / 2, a quarter of x's.
Tensor variance_of_half(const Tensor& x, const Axes& axes, Keep keep, int64_t correction) {
  const Tensor total = sum(centred_half(x, axes).square_(), axes, keep);
  return total / static_cast<double>(std::max<int64_t>(0, numel_along(x.shape(), axes) - correction));
}

}  // namespace

Tensor first_along(const Tensor& x, const Axes& axes) {
  if (numel_along(x.shape(), axes) == 0) return x;
  Tensor first = x;
  for (const int64_t axis : axes) first = first.slice(axis, 0, 1);
  return first;
}

Tensor centred_half(const Tensor& x, const Axes& axes) {
  const Tensor half = x * 0.5;  // the distance between two finite halves is finite
  half.sub_(first_along(x, axes) * 0.5);
  return half.sub_(mean(half, axes, Keep::dim));
}

Tensor var(const Tensor& x, const Axes& axes, Keep keep, int64_t correction) {
  check_floating("var", x);
  return variance_of_half(x, normalize_axes("var", axes, x), keep, correction) * 4;
}

Tensor stddev(const Tensor& x, const Axes& axes, Keep keep, int64_t correction) {
  check_floating("stddev", x);
  const Axes reduced = normalize_axes("stddev", axes, x);
  // In double: the squares of float32 overflow long before their root does.
  return (sqrt(variance_of_half(x.to(DType::float64), reduced, keep, correction)) * 2).to(x.dtype());
}

}  // namespace weft
