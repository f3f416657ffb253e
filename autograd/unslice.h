// autograd/unslice.h: the adjoint of slice
#pragma once
#include <span>

#include "autograd/variable.h"

namespace weft {

/// The arguments of Tensor::slice.
struct SliceOf {
  int64_t axis, start, end, step;
  Tensor of(const Tensor& x) const { return x.slice(axis, start, end, step); }
};

/// A part of a tensor, and where it belongs.
struct Slice {
  Variable part;
  SliceOf at;
};

/// Zeros of `shape`, each part added at its place: one record, however many there are.  Not empty.
Variable unslice(std::span<const Slice> slices, const Shape& shape);

}  // namespace weft
