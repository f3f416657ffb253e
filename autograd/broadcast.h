// autograd/broadcast.h: what derivatives share: sums over what was broadcast, constants like a Variable
#pragma once
#include "autograd/node.h"
#include "autograd/reduce.h"
#include "autograd/view.h"
#include "tensor/create.h"

namespace weft {

/// Adds the gradient of input i, summed over what was broadcast and cast back to its dtype.
inline void add_broadcast_grad(Node& n, int i, const Variable& gradient) {
  n.add_grad(i, to(sum_to_size(gradient, n.input_shape(i)), n.input_dtype(i)));
}

/// `value` as a 0-dim constant of x's dtype and device.
inline Tensor scalar_like(const Variable& x, Scalar value) {
  return scalar(value, {.dtype = x.dtype(), .device = x.device()});
}

/// Zeros of `shape`, of x's dtype and device.
inline Tensor zeros_for(const Shape& shape, const Variable& x) {
  return zeros(shape, {.dtype = x.dtype(), .device = x.device()});
}

}  // namespace weft
