// tensor/statistics.cpp: how far the elements lie from their mean
#include "tensor/statistics.h"

#include <algorithm>

#include "tensor/checks.h"
#include "tensor/elementwise.h"

namespace weft {
namespace {

Tensor variance(std::string_view op, const Tensor& x, const Axes& axes, Keep keep, int64_t correction) {
  check_floating(op, x);
  const Axes reduced = normalize_axes(op, axes, x);
  int64_t count = 1;
  Tensor first = x;
  for (const int64_t axis : reduced) {
    count *= x.shape()[axis];
    if (count > 0) first = first.slice(axis, 0, 1);
  }
  // Counted from the first element, equal elements are all 0, and so is their variance: a rounded mean is not x.
  const Tensor shifted = count > 0 ? x - first : x;
  const Tensor total = sum(square(shifted - mean(shifted, reduced, Keep::dim)), reduced, keep);
  return total / static_cast<double>(std::max<int64_t>(0, count - correction));
}

}  // namespace

Tensor var(const Tensor& x, const Axes& axes, Keep keep, int64_t correction) {
  return variance("var", x, axes, keep, correction);
}

Tensor stddev(const Tensor& x, const Axes& axes, Keep keep, int64_t correction) {
  return sqrt(variance("stddev", x, axes, keep, correction));
}

}  // namespace weft
