// autograd/join.cpp: joining and its derivative; nothing is saved
//
//   y = cat(x_0, x_1, ...)       dx_i = the slice of dy that x_i became
//   y = stack(x_0, x_1, ...)     dx_i = select(dy, axis, i)
// Every gradient is cast back to the dtype of its x_i.
#include "autograd/view.h"

#include "autograd/node.h"
#include "autograd/values_of.h"

namespace weft {

Variable cat(std::span<const Variable> xs, int64_t axis) {
  const Tensor y = cat(std::span<const Tensor>(values_of(xs)), axis);
  axis = normalize_axis("cat", axis, y.rank());
  const auto backward = [axis](Node& n, const Variable& dy) {
    int64_t start = 0;
    for (int i = 0; i < n.num_inputs(); ++i) {
      const int64_t end = start + n.input_shape(i)[axis];
      if (n.wants(i)) n.add_grad(i, to(slice(dy, axis, start, end), n.input_dtype(i)));
      start = end;
    }
  };
  return record("cat", {xs.begin(), xs.end()}, y, Saves::nothing(), backward);
}

Variable stack(std::span<const Variable> xs, int64_t axis) {
  const Tensor y = stack(std::span<const Tensor>(values_of(xs)), axis);
  const auto backward = [axis](Node& n, const Variable& dy) {
    for (int i = 0; i < n.num_inputs(); ++i)
      if (n.wants(i)) n.add_grad(i, to(select(dy, axis, i), n.input_dtype(i)));
  };
  return record("stack", {xs.begin(), xs.end()}, y, Saves::nothing(), backward);
}

}  // namespace weft
