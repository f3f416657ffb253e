// tensor/masked.h: the elements that a condition picks
#pragma once
#include "tensor/tensor.h"

namespace weft {

/// Where x is not 0 (NaN is not 0): int64 [count, rank of x], one row of indices each, in row-major order. The size of
/// the result depends on the values, so a device with memory of its own is waited for.
Tensor nonzero(const Tensor& x);

/// The elements of x where mask (bool) holds, [count] in row-major order; x and mask broadcast.
/// Throws: mask is not bool, shapes that do not broadcast, devices that differ.
Tensor masked_select(const Tensor& x, const Tensor& mask);

/// What masked_select reads: x of the common shape, and the positions in it, flattened, that mask picks.
struct Picked {
  Shape shape;
  Tensor position;  ///< int64 [count]
};
/// Throws: as masked_select.
Picked picked_by(const Tensor& x, const Tensor& mask);

}  // namespace weft
