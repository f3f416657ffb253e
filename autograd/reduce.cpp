// autograd/reduce.cpp: reductions and their derivatives; dy is first stretched over the reduced axes
//
//   y = sum(x)             dx = dy                                          saves nothing
//   y = mean(x)            dx = dy / count                                  saves nothing
//   y = max(x), min(x)     dx = dy [x = y] / (how many x equal y)           saves x, y
//   y = prod(x)            dx = dy y / x                                    saves x, y
//   y = sum_to_size(x)     dx = dy                                          saves nothing
#include "autograd/reduce.h"

#include "autograd/elementwise.h"
#include "autograd/node.h"
#include "autograd/view.h"

namespace weft {
namespace {

/// The shape of a reduction of x that keeps its axes.
Shape kept_shape(std::string_view op, const Variable& x, const Axes& axes) {
  return reduced_shape(x.shape(), normalize_axes(op, axes, x.rank()), true);
}

using Reduction = Tensor (*)(const Tensor&, const Axes&, Keep);

Variable extreme(std::string_view op, Reduction reduce, const Variable& x, const Axes& axes, Keep keep) {
  const Tensor y = reduce(x.value(), axes, keep);
  const Saves saves = Saves::input(0) | Saves::output();
  return record(op, {x}, y, saves, [kept = kept_shape(op, x, axes)](Node& n, const Variable& dy) {
    const Tensor x = n.input(0).value();
    const Tensor hits = equal(x, n.output().value().reshape(kept)).to(x.dtype());
    const Tensor share = hits / sum_to_size(hits, kept);
    n.add_grad(0, reshape(dy, kept) * Variable(share));
  });
}

}  // namespace

Variable sum(const Variable& x, const Axes& axes, Keep keep) {
  const Shape kept = kept_shape("sum", x, axes);
  return record("sum", {x}, sum(x.value(), axes, keep), Saves::nothing(),
                [kept](Node& n, const Variable& dy) { n.add_grad(0, expand(reshape(dy, kept), n.input_shape(0))); });
}

Variable mean(const Variable& x, const Axes& axes, Keep keep) {
  const Shape kept = kept_shape("mean", x, axes);
  return record("mean", {x}, mean(x.value(), axes, keep), Saves::nothing(), [kept](Node& n, const Variable& dy) {
    const double count = static_cast<double>(numel_of(n.input_shape(0))) / static_cast<double>(dy.numel());
    const double share = count > 0 ? 1 / count : 0;  // an empty x: inf would turn the derivative for dy into NaN
    n.add_grad(0, expand(reshape(dy * share, kept), n.input_shape(0)));
  });
}

Variable max(const Variable& x, const Axes& axes, Keep keep) { return extreme("max", weft::max, x, axes, keep); }

Variable min(const Variable& x, const Axes& axes, Keep keep) { return extreme("min", weft::min, x, axes, keep); }

Variable prod(const Variable& x, const Axes& axes, Keep keep) {
  const Shape kept = kept_shape("prod", x, axes);
  const Saves saves = Saves::input(0) | Saves::output();
  return record("prod", {x}, prod(x.value(), axes, keep), saves,
                [kept](Node& n, const Variable& dy) { n.add_grad(0, reshape(dy * n.output(), kept) / n.input(0)); });
}

Variable sum_to_size(const Variable& x, const Shape& shape) {
  if (x.shape() == shape) return x;
  return record("sum_to_size", {x}, sum_to_size(x.value(), shape), Saves::nothing(),
                [](Node& n, const Variable& dy) { n.add_grad(0, expand(dy, n.input_shape(0))); });
}

}  // namespace weft
