// autograd/norm.cpp: vector norms and their derivatives
//
//   p = 0         dx = 0                                                        saves nothing
//   p = 1         dx = dy sign(x)                                               saves x
//   p = inf       dx = dy sign(x) [|x| = y] / (how many |x| equal y)            saves x, y
//   p = 2         dx = dy x / y, 0 where y = 0                                  saves x, y
//   else          dx = dy sign(x) (|x| / y)^(p-1), 0 where x = 0 or y = 0       saves x, y
#include "autograd/norm.h"

#include <cmath>

#include "autograd/broadcast.h"
#include "autograd/elementwise.h"
#include "autograd/node.h"
#include "autograd/view.h"
#include "tensor/create.h"

namespace weft {
namespace {

/// dy / dx of one p-norm over slices, each element of y [kept] for one slice.
Variable slope_of_norm(const Variable& x, const Variable& y, double p) {
  const Tensor at_zero = equal(y.value(), 0);
  const Variable ratio = x / where(at_zero, 1, y);
  if (p == 2) return where(at_zero, 0, ratio);
  const Tensor flat = equal(ratio.value(), 0);  // of a vector of zeros every element is 0
  return where(flat, 0, pow(where(flat, 1, abs(ratio)), p - 1) * Variable(sign(x.value())));
}

}  // namespace

Variable norm(const Variable& x, double p, const Axes& axes, Keep keep) {
  const Axes reduced = norm_axes(x.value(), p, axes);
  if (p == 1) return sum(abs(x), axes, keep);
  if (std::isinf(p)) return p > 0 ? max(abs(x), axes, keep) : min(abs(x), axes, keep);
  const Saves saves = p == 0 ? Saves::nothing() : Saves::input(0) | Saves::output();
  const Shape kept = reduced_shape(x.shape(), reduced, true);
  return record("norm", {x}, norm(x.value(), p, axes, keep), saves, [p, kept](Node& n, const Variable& dy) {
    if (p == 0) return n.add_grad(0, zeros_for(n.input_shape(0), dy));
    n.add_grad(0, reshape(dy, kept) * slope_of_norm(n.input(0), reshape(n.output(), kept), p));
  });
}

}  // namespace weft
