// autograd/rearrange.cpp: other orders and repetitions, and their derivatives; of tensors nothing is saved
//
//   y = movedim(x, from, to)           dx = movedim(dy, to, from)
//   y = flip(x, axes)                  dx = flip(dy, axes)
//   y = roll(x, shifts, axes)          dx = roll(dy, -shifts, axes)
//   y = repeat(x, repeats), tile       dx = the sum over the copies
//   y = repeat_interleave(x, n)        dx = the sum over every n neighbours
//   y = repeat_interleave(x, counts)   an index_select: saves the positions read
#include "autograd/rearrange.h"

#include "autograd/broadcast.h"
#include "autograd/indexing.h"
#include "autograd/node.h"
#include "autograd/reduce.h"
#include "autograd/view.h"

namespace weft {
namespace {

Dims negated(Dims shifts) {
  for (int64_t& shift : shifts) shift = -shift;
  return shifts;
}

/// Adds up the copies that repeat made of a tensor of `shape`, one axis after the other from the front.
Variable sum_of_copies(const Variable& dy, const Shape& shape, const Dims& repeats) {
  if (dy.numel() == 0) return zeros_for(shape, dy);  // whose other sizes may have a product beyond int64
  Variable sums = dy;
  int64_t outer = 1;
  for (int64_t i = 0; i < repeats.size(); ++i) {
    const int64_t axis = i - (repeats.size() - shape.size());
    const int64_t size = axis < 0 ? 1 : shape[axis];
    int64_t inner = size;
    for (int64_t j = i + 1; j < dy.rank(); ++j) inner *= dy.size(j);
    if (repeats[i] != 1) sums = sum(reshape(sums, {outer, repeats[i], inner}), {1});
    outer *= size;
  }
  return reshape(sums, shape);
}

}  // namespace

Variable movedim(const Variable& x, const Axes& source, const Axes& destination) {
  return record("movedim", {x}, movedim(x.value(), source, destination), Saves::nothing(),
                [=](Node& n, const Variable& dy) { n.add_grad(0, movedim(dy, destination, source)); });
}

Variable flip(const Variable& x, const Axes& axes) {
  return record("flip", {x}, flip(x.value(), axes), Saves::nothing(),
                [axes](Node& n, const Variable& dy) { n.add_grad(0, flip(dy, axes)); });
}

Variable roll(const Variable& x, const Dims& shifts, const Axes& axes) {
  return record("roll", {x}, roll(x.value(), shifts, axes), Saves::nothing(),
                [=](Node& n, const Variable& dy) { n.add_grad(0, roll(dy, negated(shifts), axes)); });
}

Variable repeat(const Variable& x, const Dims& repeats) {
  return record("repeat", {x}, repeat(x.value(), repeats), Saves::nothing(), [repeats](Node& n, const Variable& dy) {
    n.add_grad(0, sum_of_copies(dy, n.input_shape(0), repeats));
  });
}

Variable tile(const Variable& x, const Dims& repeats) { return repeat(x, tile_repeats(repeats, x.rank())); }

Variable repeat_interleave(const Variable& x, int64_t repeats, std::optional<int64_t> axis) {
  if (!axis) return repeat_interleave(reshape(x, {-1}), repeats, 0);
  const Tensor y = repeat_interleave(x.value(), repeats, axis);
  const int64_t along = normalize_axis("repeat_interleave", *axis, x.rank());
  return record("repeat_interleave", {x}, y, Saves::nothing(), [=](Node& n, const Variable& dy) {
    const Shape& shape = n.input_shape(0);
    if (dy.numel() == 0) return n.add_grad(0, zeros_for(shape, dy));
    int64_t outer = 1, inner = 1;
    for (int64_t i = 0; i < shape.size(); ++i) (i <= along ? outer : inner) *= shape[i];
    n.add_grad(0, reshape(sum(reshape(dy, {outer, repeats, inner}), {1}), shape));
  });
}

Variable repeat_interleave(const Variable& x, const Tensor& repeats, std::optional<int64_t> axis) {
  if (!axis) return repeat_interleave(reshape(x, {-1}), repeats, 0);
  repeat_interleave(x.value(), repeats, axis);  // in its own words
  return index_select(x, *axis, repeat_interleave(repeats.expand({x.size(*axis)})));
}

}  // namespace weft
