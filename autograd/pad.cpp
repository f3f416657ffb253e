// autograd/pad.cpp: padding and its derivative; with a value nothing is saved, else the positions read
//
//   y = pad(x, padding, value)     dx = the part of dy that x became
//   y = pad(x, padding, mode)      one index_select an axis, whose derivatives do the rest
#include "autograd/pad.h"

#include "autograd/indexing.h"
#include "autograd/node.h"
#include "autograd/view.h"

namespace weft {

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

Variable pad(const Variable& x, std::span<const Padding> padding, PadMode mode) {
  padded_shape(x.value(), padding, mode);
  const int64_t first = x.rank() - std::ssize(padding);
  Variable y = x;
  for (int64_t i = 0; i < std::ssize(padding); ++i) {
    const Padding& around = padding[static_cast<size_t>(i)];
    if (around.before == 0 && around.after == 0) continue;
    y = index_select(y, first + i, pad_positions(x.size(first + i), around, mode, x.device()));
  }
  return y;
}

}  // namespace weft
