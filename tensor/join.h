// tensor/join.h: putting tensors together and growing them
#pragma once
#include <span>

#include "tensor/tensor.h"

namespace weft {

/// Along an axis they have; all other sizes are equal.  Throws: nothing to join, sizes, dtypes or devices that differ.
Tensor cat(std::span<const Tensor> tensors, int64_t axis = 0);
inline Tensor cat(std::initializer_list<Tensor> tensors, int64_t axis = 0) {
  return cat(std::span<const Tensor>(tensors.begin(), tensors.size()), axis);
}
/// Along a new axis.  Throws: shapes that differ.
Tensor stack(std::span<const Tensor> tensors, int64_t axis = 0);
inline Tensor stack(std::initializer_list<Tensor> tensors, int64_t axis = 0) {
  return stack(std::span<const Tensor>(tensors.begin(), tensors.size()), axis);
}

/// Before and after one axis.
struct Padding {
  int64_t before = 0, after = 0;
};
/// `value` around x. One Padding an axis, aligned at the right: axes without one stay as they are.
/// Throws: more paddings than axes, a negative padding.
Tensor pad(const Tensor& x, std::span<const Padding> padding, Scalar value = 0);
inline Tensor pad(const Tensor& x, std::initializer_list<Padding> padding, Scalar value = 0) {
  return pad(x, std::span<const Padding>(padding.begin(), padding.size()), value);
}

}  // namespace weft
