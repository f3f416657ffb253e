// tensor/statistics.cpp: how far the elements lie from their mean
#include "tensor/statistics.h"

#include <algorithm>

#include "tensor/checks.h"
#include "tensor/elementwise.h"

namespace weft {
namespace {

/// Of x / 2, a quarter of x's: the distance between two finite halves is finite.
Tensor variance_of_half(const Tensor& x, const Axes& axes, Keep keep, int64_t correction) {
  const int64_t count = numel_along(x.shape(), axes);
  Tensor first = x;
  for (const int64_t axis : axes)
    if (count > 0) first = first.slice(axis, 0, 1);
  // Counted from the first element, equal elements are all 0, and so is their variance: a rounded mean is not x.
  const Tensor half = x * 0.5;
  if (count > 0) half.sub_(first * 0.5);
  const Tensor total = sum(half.sub_(mean(half, axes, Keep::dim)).square_(), axes, keep);
  return total / static_cast<double>(std::max<int64_t>(0, count - correction));
}

}  // namespace

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
