// autograd/view.cpp: views and casts, and their derivatives; nothing is saved
//
//   y = reshape(x), flatten, unsqueeze, squeeze     dx = reshape(dy, shape of x)
//   y = transpose(x, i, j)                          dx = transpose(dy, i, j)
//   y = permute(x, order)                           dx = permute(dy, inverse of order)
//   y = expand(x, shape)                            dx = sum_to_size(dy, shape of x)
//   y = slice(x, axis, start, end, step)            dx = zeros with dy at that slice (unslice)
//   y = select(x, axis, i)                          dx = unslice of dy at i .. i+1
//   y = unslice(x_0 at s_0, x_1 at s_1, ...)        dx_i = slice s_i of dy
//   y = to(x, dtype)                                dx = to(dy, dtype of x)
#include "autograd/view.h"

#include "autograd/broadcast.h"
#include "autograd/node.h"
#include "autograd/reduce.h"
#include "autograd/unslice.h"
#include "tensor/create.h"

namespace weft {
namespace {

Variable reshaped(std::string_view op, const Variable& x, Tensor y) {
  return record(op, {x}, std::move(y), Saves::nothing(),
                [](Node& n, const Variable& dy) { n.add_grad(0, reshape(dy, n.input_shape(0))); });
}

}  // namespace

Variable unslice(std::span<const Slice> slices, const Shape& shape) {
  const Tensor y = zeros_for(shape, slices.front().part);
  std::vector<Variable> parts;
  std::vector<SliceOf> places;
  for (const auto& [part, at] : slices) {
    if (part.numel() > 0) at.of(y).add_(part.value());
    parts.push_back(part);
    places.push_back(at);
  }
  return record("unslice", std::move(parts), y, Saves::nothing(), [places](Node& n, const Variable& dy) {
    for (int i = 0; i < n.num_inputs(); ++i) {
      const SliceOf& at = places[static_cast<size_t>(i)];
      if (n.wants(i)) n.add_grad(i, slice(dy, at.axis, at.start, at.end, at.step));
    }
  });
}

Variable reshape(const Variable& x, const Shape& shape) { return reshaped("reshape", x, x.value().reshape(shape)); }

Variable flatten(const Variable& x, int64_t first, int64_t last) {
  return reshaped("flatten", x, x.value().flatten(first, last));
}

Variable unsqueeze(const Variable& x, int64_t axis) { return reshaped("unsqueeze", x, x.value().unsqueeze(axis)); }

Variable squeeze(const Variable& x, int64_t axis) { return reshaped("squeeze", x, x.value().squeeze(axis)); }

Variable transpose(const Variable& x, int64_t axis0, int64_t axis1) {
  return record("transpose", {x}, x.value().transpose(axis0, axis1), Saves::nothing(),
                [axis0, axis1](Node& n, const Variable& dy) { n.add_grad(0, transpose(dy, axis0, axis1)); });
}

Variable permute(const Variable& x, const Axes& order) {
  const Tensor y = x.value().permute(order);
  Axes inverse = Axes::filled(x.rank(), 0);
  for (int64_t i = 0; i < x.rank(); ++i) inverse[normalize_axis("permute", order[i], x.rank())] = i;
  return record("permute", {x}, y, Saves::nothing(),
                [inverse](Node& n, const Variable& dy) { n.add_grad(0, permute(dy, inverse)); });
}

Variable expand(const Variable& x, const Shape& shape) {
  return record("expand", {x}, x.value().expand(shape), Saves::nothing(),
                [](Node& n, const Variable& dy) { n.add_grad(0, sum_to_size(dy, n.input_shape(0))); });
}

Variable slice(const Variable& x, int64_t axis, int64_t start, int64_t end, int64_t step) {
  const SliceOf at{axis, start, end, step};
  return record("slice", {x}, x.value().slice(axis, start, end, step), Saves::nothing(),
                [at](Node& n, const Variable& dy) { n.add_grad_slice(0, dy, at); });
}

Variable select(const Variable& x, int64_t axis, int64_t index) {
  const Tensor y = x.value().select(axis, index);
  axis = normalize_axis("select", axis, x.rank());
  if (index < 0) index += x.size(axis);
  const SliceOf at{axis, index, index + 1, 1};
  return record("select", {x}, y, Saves::nothing(),
                [at](Node& n, const Variable& dy) { n.add_grad_slice(0, unsqueeze(dy, at.axis), at); });
}

Variable to(const Variable& x, DType dtype) {
  if (x.dtype() == dtype) return x;
  return record("to", {x}, x.value().to(dtype), Saves::nothing(),
                [](Node& n, const Variable& dy) { n.add_grad(0, to(dy, n.input_dtype(0))); });
}

}  // namespace weft
