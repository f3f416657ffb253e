// tensor/view_functions.h: views of a Tensor as free functions, so that a formula is written once for Tensor and
// Variable
//
// A template that calls reshape(x, shape) finds this one for a Tensor and that of autograd/view.h for a Variable, which
// also records its derivative.
#pragma once
#include "tensor/tensor.h"

namespace weft {

/// What checks look at: the tensor itself, and the value of a Variable.
inline const Tensor& value_of(const Tensor& x) { return x; }

inline Tensor reshape(const Tensor& x, const Shape& shape) { return x.reshape(shape); }
inline Tensor permute(const Tensor& x, const Axes& order) { return x.permute(order); }
inline Tensor transpose(const Tensor& x, int64_t axis0 = -2, int64_t axis1 = -1) { return x.transpose(axis0, axis1); }
inline Tensor slice(const Tensor& x, int64_t axis, int64_t start, int64_t end, int64_t step = 1) {
  return x.slice(axis, start, end, step);
}
inline Tensor unsqueeze(const Tensor& x, int64_t axis) { return x.unsqueeze(axis); }
inline Tensor squeeze(const Tensor& x, int64_t axis) { return x.squeeze(axis); }

}  // namespace weft
