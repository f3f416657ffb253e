// autograd/statistics.cpp: variance and standard deviation, and their derivatives; m is the mean, k = n - correction
//
//   y = sum((x - m)^2) / k            dx = dy 2 (x - m) / k                       saves x
//   y = sqrt(sum((x - m)^2) / k)      dx = dy (x - m) / (k y), 0 where y = 0      saves x, y
#include "autograd/statistics.h"

#include <algorithm>

#include "autograd/elementwise.h"
#include "autograd/node.h"
#include "autograd/view.h"
#include "tensor/create.h"
#include "tensor/statistics.h"

namespace weft {
namespace {

/// What both derivatives need to know: the reduced axes, the shape that keeps them, and 1 / (n - correction).
struct Spread {
  Axes axes;
  Shape kept;
  double scale;

  Spread(std::string_view op, const Variable& x, const Axes& named, int64_t correction)
      : axes(normalize_axes(op, named, x.rank())), kept(reduced_shape(x.shape(), axes, true)) {
    const int64_t count = numel_along(x.shape(), axes);
    scale = 1 / static_cast<double>(std::max<int64_t>(0, count - correction));
  }

  /// (x - m) times one number a slice, [kept]. The shift by the first element, which var does too, changes no
  /// derivative: it is a constant.
  Variable centred(const Variable& x, const Variable& factor) const {
    const Variable shifted = x - Variable(first_along(x.value(), axes));
    return (shifted - mean(shifted, axes, Keep::dim)) * factor;
  }
};

}  // namespace

Variable var(const Variable& x, const Axes& axes, Keep keep, int64_t correction) {
  const Tensor y = var(x.value(), axes, keep, correction);
  const Spread spread("var", x, axes, correction);
  return record("var", {x}, y, Saves::input(0), [spread](Node& n, const Variable& dy) {
    n.add_grad(0, spread.centred(n.input(0), reshape(dy, spread.kept) * (2 * spread.scale)));
  });
}

Variable stddev(const Variable& x, const Axes& axes, Keep keep, int64_t correction) {
  const Tensor y = stddev(x.value(), axes, keep, correction);
  const Spread spread("stddev", x, axes, correction);
  const Saves saves = Saves::input(0) | Saves::output();
  return record("stddev", {x}, y, saves, [spread](Node& n, const Variable& dy) {
    const Variable y = n.output();
    const Tensor constant = equal(y.value(), 0);
    const Variable slope = dy * spread.scale / where(constant, ones_like(y.value()), y);
    const Variable factor = where(constant, zeros_like(y.value()), slope);
    n.add_grad(0, spread.centred(n.input(0), reshape(factor, spread.kept)));
  });
}

}  // namespace weft
