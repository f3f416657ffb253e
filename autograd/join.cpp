// autograd/join.cpp: joining and padding, and their derivatives; nothing is saved
//
//   y = cat(x_0, x_1, ...)       dx_i = the slice of dy that x_i became
//   y = stack(x_0, x_1, ...)     dx_i = select(dy, axis, i)
//   y = pad(x)                   dx = the part of dy that x became
#include "autograd/node.h"
#include "autograd/view.h"

namespace weft {
namespace {

std::vector<Tensor> values_of(std::span<const Variable> xs) {
  std::vector<Tensor> values;
  for (const Variable& x : xs) values.push_back(x.value());
  return values;
}

}  // namespace

Variable cat(std::span<const Variable> xs, int64_t axis) {
  const Tensor y = cat(std::span<const Tensor>(values_of(xs)), axis);
  axis = normalize_axis("cat", axis, y.rank());
  const auto backward = [axis](Node& n, const Variable& dy) {
    int64_t start = 0;
    for (int i = 0; i < n.num_inputs(); ++i) {
      const int64_t end = start + n.input_shape(i)[axis];
      if (n.wants(i)) n.add_grad(i, slice(dy, axis, start, end));
      start = end;
    }
  };
  return record("cat", {xs.begin(), xs.end()}, y, Saves::nothing(), backward);
}

Variable stack(std::span<const Variable> xs, int64_t axis) {
  const Tensor y = stack(std::span<const Tensor>(values_of(xs)), axis);
  const auto backward = [axis](Node& n, const Variable& dy) {
    for (int i = 0; i < n.num_inputs(); ++i)
      if (n.wants(i)) n.add_grad(i, select(dy, axis, i));
  };
  return record("stack", {xs.begin(), xs.end()}, y, Saves::nothing(), backward);
}

Variable pad(const Variable& x, std::span<const Padding> padding, Scalar value) {
  const Tensor y = pad(x.value(), padding, value);
  const std::vector<Padding> around(padding.begin(), padding.end());
  return record("pad", {x}, y, Saves::nothing(), [around](Node& n, const Variable& dy) {
    Variable dx = dy;
    const Shape& shape = n.input_shape(0);
    const int64_t first = shape.size() - static_cast<int64_t>(around.size());
    for (int64_t axis = first; axis < shape.size(); ++axis) {
      const int64_t before = around[static_cast<size_t>(axis - first)].before;
      dx = slice(dx, axis, before, before + shape[axis]);
    }
    n.add_grad(0, dx);
  });
}

}  // namespace weft
