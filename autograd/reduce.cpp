// autograd/reduce.cpp: reductions and their derivatives; dy is first stretched over the reduced axes
//
//   y = sum(x)             dx = dy                                          saves nothing
//   y = mean(x)            dx = dy / count                                  saves nothing
//   y = max(x), min(x)     dx = dy [x = y] / (how many x equal y)           saves x, y; NaN equals NaN
//   y = prod(x)            dx = dy (product of the other elements)          saves x
//   y = sum_to_size(x)     dx = dy                                          saves nothing
#include "autograd/reduce.h"

#include <algorithm>
#include <cstdlib>

#include "autograd/elementwise.h"
#include "autograd/node.h"
#include "autograd/view.h"
#include "autograd/where.h"
#include "tensor/create.h"

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
    const Tensor is_nan = not_equal(x, x);  // a NaN is the extreme, and then every NaN is
    const Tensor hits = logical_or(equal(x, n.output().value().reshape(kept)), is_nan);
    const Tensor count = sum_to_size(hits.to(x.dtype()), kept);
    n.add_grad(0, where(hits, reshape(dy, kept) / Variable(count), 0));  // not 0 dy, which is NaN for an infinite dy
  });
}

/// x [k, rest] moved down by `by` rows (up: by -`by`), 1 where nothing arrives.
Variable shifted(const Variable& x, int64_t by) {
  const int64_t rows = x.size(0);
  const Variable one = ones({std::abs(by), x.size(1)}, {.dtype = x.dtype(), .device = x.device()});
  return by > 0 ? cat({one, slice(x, 0, 0, rows - by)}) : cat({slice(x, 0, -by, rows), one});
}

/// For every row of x the product of the rows before it (sign 1) or after it (sign -1), in log2(rows) steps.
Variable product_up_to(const Variable& x, int64_t sign) {
  Variable product = shifted(x, sign);
  for (int64_t span = 1; span < x.size(0); span *= 2) product = product * shifted(product, sign * span);
  return product;
}

/// For every element of x the product of the others along `axes`. Never y / x: x may be 0, or y too small for its type.
Variable product_of_others(const Variable& x, const Axes& axes) {
  if (x.numel() == 0) return x;
  Axes order = axes;
  for (int64_t i = 0; i < x.rank(); ++i)
    if (std::find(axes.begin(), axes.end(), i) == axes.end()) order.push_back(i);
  Axes inverse = order;
  for (int64_t i = 0; i < x.rank(); ++i) inverse[order[i]] = i;

  const Variable front = permute(x, order);
  const int64_t rows = numel_along(x.shape(), axes);
  const Variable flat = reshape(front, {rows, x.numel() / rows});
  return permute(reshape(product_up_to(flat, 1) * product_up_to(flat, -1), front.shape()), inverse);
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
  const Axes reduced = normalize_axes("prod", axes, x.rank());
  return record("prod", {x}, prod(x.value(), axes, keep), Saves::input(0),
                [kept, reduced](Node& n, const Variable& dy) {
                  n.add_grad(0, reshape(dy, kept) * product_of_others(n.input(0), reduced));
                });
}

Variable sum_to_size(const Variable& x, const Shape& shape) {
  if (x.shape() == shape) return x;
  return record("sum_to_size", {x}, sum_to_size(x.value(), shape), Saves::nothing(),
                [](Node& n, const Variable& dy) { n.add_grad(0, expand(dy, n.input_shape(0))); });
}

}  // namespace weft
