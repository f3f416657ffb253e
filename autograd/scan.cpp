// autograd/scan.cpp: running sums and products, and their derivatives
//
//   y_i = x_0 + ... + x_i        dx_j = dy_j + ... + dy_n-1                                       saves nothing
//   y_i = x_0 * ... * x_i        dx_j = y_j-1 s_j,  s_j = dy_j + x_j+1 s_j+1,  y_-1 = 1           saves x, y
//
// s is never found by dividing: x may be 0, or y too small for its type.
#include "autograd/scan.h"

#include <algorithm>

#include "autograd/elementwise.h"
#include "autograd/node.h"
#include "autograd/view.h"
#include "tensor/create.h"

namespace weft {
namespace {

From other_end(From from) { return from == From::first ? From::last : From::first; }

/// The `count` elements along `axis` at which a scan from `from` begins.
Variable head(const Variable& x, int64_t axis, int64_t count, From from) {
  const int64_t n = x.size(axis);
  return from == From::first ? slice(x, axis, 0, count) : slice(x, axis, n - count, n);
}

/// near before far in the direction of the scan.
Variable join(const Variable& near, const Variable& far, int64_t axis, From from) {
  return from == From::first ? cat({near, far}, axis) : cat({far, near}, axis);
}

/// s_j = b_j + a_j s_j+1, and s_n-1 = b_n-1, in log2(n) steps: after each, s_j = b_j + a_j s_j+span. A step combines
/// two such lines (Kogge and Stone 1973, "A parallel algorithm for the efficient solution of a general class of
/// recurrence equations").  a has one element less than b.
Variable linear_recurrence(Variable a, Variable b, int64_t axis, From from) {
  const int64_t n = b.size(axis);
  const From back = other_end(from);
  for (int64_t span = 1; span < n; span *= 2) {
    const int64_t reached = n - span;  // elements that have another one `span` further on
    const Variable sum = head(b, axis, reached, from) + a * head(b, axis, reached, back);
    b = join(sum, head(b, axis, span, back), axis, from);
    const int64_t next = std::max<int64_t>(0, reached - span);
    a = head(a, axis, next, from) * head(a, axis, next, back);
  }
  return b;
}

/// y moved one step on, 1 where nothing arrives.
Variable product_before(const Variable& y, int64_t axis, From from) {
  Shape shape = y.shape();
  shape[axis] = 1;
  const Variable one = ones(shape, {.dtype = y.dtype(), .device = y.device()});
  return join(one, head(y, axis, y.size(axis) - 1, from), axis, from);
}

}  // namespace

Variable cumsum(const Variable& x, int64_t axis, From from) {
  const Tensor y = cumsum(x.value(), axis, from);
  return record("cumsum", {x}, y, Saves::nothing(),
                [axis, from](Node& n, const Variable& dy) { n.add_grad(0, cumsum(dy, axis, other_end(from))); });
}

Variable cumprod(const Variable& x, int64_t axis, From from) {
  const Tensor y = cumprod(x.value(), axis, from);
  if (x.rank() == 0) return reshape(cumprod(reshape(x, {1}), 0, from), {});
  axis = normalize_axis("cumprod", axis, x.rank());
  const Saves saves = Saves::input(0) | Saves::output();
  return record("cumprod", {x}, y, saves, [axis, from](Node& n, const Variable& dy) {
    const Variable x = n.input(0);
    if (x.numel() == 0) return n.add_grad(0, dy);
    const Variable next = head(x, axis, x.size(axis) - 1, other_end(from));
    n.add_grad(0, product_before(n.output(), axis, from) * linear_recurrence(next, dy, axis, from));
  });
}

}  // namespace weft
