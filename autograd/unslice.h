// autograd/unslice.h: the adjoint of slice
#pragma once
#include "autograd/variable.h"

namespace weft {

/// The arguments of Tensor::slice.
struct SliceOf {
  int64_t axis, start, end, step;
  Tensor of(const Tensor& x) const { return x.slice(axis, start, end, step); }
};

/// Zeros of `shape` with x at the slice.
Variable unslice(const Variable& x, const Shape& shape, const SliceOf& at);

}  // namespace weft
