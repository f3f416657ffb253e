// tensor/join.h: putting tensors together
#pragma once
#include <span>

#include "tensor/tensor.h"

namespace weft {

/// Along an axis they have; all other sizes are equal. Dtypes are promoted, as those of operands with axes are
/// (tensor/promotion.h).  Throws: nothing to join, sizes or devices that differ.
Tensor cat(std::span<const Tensor> tensors, int64_t axis = 0);
inline Tensor cat(std::initializer_list<Tensor> tensors, int64_t axis = 0) {
  return cat(std::span<const Tensor>(tensors.begin(), tensors.size()), axis);
}
/// Along a new axis.  Throws: shapes that differ.
Tensor stack(std::span<const Tensor> tensors, int64_t axis = 0);
inline Tensor stack(std::initializer_list<Tensor> tensors, int64_t axis = 0) {
  return stack(std::span<const Tensor>(tensors.begin(), tensors.size()), axis);
}

}  // namespace weft
