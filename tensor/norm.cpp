// tensor/norm.cpp: how long a vector is
#include "tensor/norm.h"

#include <cmath>

#include "tensor/checks.h"
#include "tensor/elementwise.h"

namespace weft {

Axes norm_axes(const Tensor& x, double p, const Axes& axes) {
  check_floating("norm", x);
  const Axes reduced = normalize_axes("norm", axes, x);
  if (std::isnan(p)) fail("norm", "p is NaN: x is {}", x.describe());
  if (numel_along(x.shape(), reduced) == 0 && (p < 0 || std::isinf(p)))
    fail("norm", "there is nothing to reduce: x is {}, p {}", x.describe(), p);
  return reduced;
}

Tensor norm(const Tensor& x, double p, const Axes& axes, Keep keep) {
  const Axes reduced = norm_axes(x, p, axes);
  if (p == 0) return sum(not_equal(x, 0).to(x.dtype()), reduced, keep);
  if (p == 1) return sum(abs(x), reduced, keep);
  if (p == 2) return sqrt(sum(square(x), reduced, keep));
  if (std::isinf(p)) return p > 0 ? max(abs(x), reduced, keep) : min(abs(x), reduced, keep);
  return pow(sum(pow(abs(x), p), reduced, keep), 1 / p);
}

}  // namespace weft
