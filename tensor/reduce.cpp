// tensor/reduce.cpp: many elements to one
#include "tensor/reduce.h"

#include "tensor/backend.h"
#include "tensor/checks.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"

namespace weft {
namespace {

Tensor without(const Tensor& y, const Shape& x_shape, const Axes& axes, Keep keep) {
  return keep == Keep::dim ? y : y.reshape(reduced_shape(x_shape, axes, false));
}

/// sum and prod: over nothing at all they are `neutral`.
Tensor accumulate(std::string_view name, ReduceOp op, const Tensor& x, const Axes& named, Keep keep, int neutral) {
  check_computes(name, x);
  const Axes axes = normalize_axes(name, named, x);
  const DType dtype = is_floating(x.dtype()) ? x.dtype() : DType::int64;
  const TensorOptions options{.dtype = dtype, .device = x.device()};
  const Shape shape = reduced_shape(x.shape(), axes, true);
  if (x.numel() == 0) return without(full(shape, neutral, options), x.shape(), axes, keep);
  Tensor y = empty(shape, options);
  x.backend().reduce(op, x, y);
  return without(y, x.shape(), axes, keep);
}

Tensor extreme(std::string_view name, ReduceOp op, const Tensor& x, const Axes& named, Keep keep) {
  check_computes(name, x);
  const Axes axes = normalize_axes(name, named, x);
  if (numel_along(x.shape(), axes) == 0) fail(name, "there is nothing to reduce: x is {}", x.describe());
  Tensor y = empty(reduced_shape(x.shape(), axes, true), {.dtype = x.dtype(), .device = x.device()});
  if (y.numel() > 0) x.backend().reduce(op, x, y);
  return without(y, x.shape(), axes, keep);
}

Tensor position_of_extreme(std::string_view name, ArgReduceOp op, const Tensor& x, int64_t axis, Keep keep) {
  check_computes(name, x);
  if (is_row_of_one(x, axis)) return position_of_extreme(name, op, x.reshape({1}), 0, Keep::no);
  axis = normalize_axis(name, axis, x);
  if (x.shape()[axis] == 0) fail(name, "axis {} is empty: x is {}", axis, x.describe());
  Tensor y = empty(reduced_shape(x.shape(), {axis}, true), {.dtype = DType::int64, .device = x.device()});
  if (y.numel() > 0) x.backend().arg_reduce(op, x, axis, y);
  return without(y, x.shape(), {axis}, keep);
}

Tensor position_among_all(std::string_view name, ArgReduceOp op, const Tensor& x) {
  check_computes(name, x);
  if (x.numel() == 0) fail(name, "there is nothing to reduce: x is {}", x.describe());
  return position_of_extreme(name, op, x.reshape({-1}), 0, Keep::no);
}

/// any and all: the largest or smallest of truth values, `neutral` over nothing at all.
Tensor truth(std::string_view name, ReduceOp op, const Tensor& x, const Axes& named, Keep keep, bool neutral) {
  check_computes(name, x);
  const Axes axes = normalize_axes(name, named, x);
  const Tensor is_true = not_equal(x, 0);
  const Shape shape = reduced_shape(x.shape(), axes, true);
  const TensorOptions options{.dtype = DType::boolean, .device = x.device()};
  if (x.numel() == 0) return without(full(shape, neutral, options), x.shape(), axes, keep);
  Tensor y = empty(shape, options);
  x.backend().reduce(op, is_true, y);
  return without(y, x.shape(), axes, keep);
}

}  // namespace

Tensor sum(const Tensor& x, const Axes& axes, Keep keep) { return accumulate("sum", ReduceOp::sum, x, axes, keep, 0); }

Tensor prod(const Tensor& x, const Axes& axes, Keep keep) {
  return accumulate("prod", ReduceOp::prod, x, axes, keep, 1);
}

Tensor mean(const Tensor& x, const Axes& axes, Keep keep) {
  check_floating("mean", x);
  const int64_t count = numel_along(x.shape(), normalize_axes("mean", axes, x));
  return div(sum(x, axes, keep), Scalar(static_cast<double>(count)));
}

Tensor max(const Tensor& x, const Axes& axes, Keep keep) { return extreme("max", ReduceOp::max, x, axes, keep); }
Tensor min(const Tensor& x, const Axes& axes, Keep keep) { return extreme("min", ReduceOp::min, x, axes, keep); }

Tensor any(const Tensor& x, const Axes& axes, Keep keep) { return truth("any", ReduceOp::max, x, axes, keep, false); }

Tensor all(const Tensor& x, const Axes& axes, Keep keep) { return truth("all", ReduceOp::min, x, axes, keep, true); }

Tensor count_nonzero(const Tensor& x, const Axes& axes, Keep keep) {
  check_computes("count_nonzero", x);
  const Axes reduced = normalize_axes("count_nonzero", axes, x);
  return sum(not_equal(x, 0), reduced, keep);
}

Tensor argmax(const Tensor& x, int64_t axis, Keep keep) {
  return position_of_extreme("argmax", ArgReduceOp::argmax, x, axis, keep);
}

Tensor argmin(const Tensor& x, int64_t axis, Keep keep) {
  return position_of_extreme("argmin", ArgReduceOp::argmin, x, axis, keep);
}

Tensor argmax(const Tensor& x) { return position_among_all("argmax", ArgReduceOp::argmax, x); }
Tensor argmin(const Tensor& x) { return position_among_all("argmin", ArgReduceOp::argmin, x); }

Tensor sum_to_size(const Tensor& x, const Shape& shape) {
  check_defined("sum_to_size", x);
  if (x.shape() == shape) return x;
  if (shape.size() > x.rank() || broadcast_shapes("sum_to_size", x.shape(), shape) != x.shape()) {
    fail("sum_to_size", "x is {}, which is no broadcast of {}", x.describe(), to_string(shape));
  }
  const int64_t added = x.rank() - shape.size();
  Axes axes;
  for (int64_t axis = 0; axis < x.rank(); ++axis) {
    if (axis < added || shape[axis - added] != x.shape()[axis]) axes.push_back(axis);
  }
  return sum(x, axes, Keep::dim).reshape(shape);
}

}  // namespace weft
