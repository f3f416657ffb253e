// autograd/reduce.h: reductions of tensor/reduce.h that record their derivative
#pragma once
#include "autograd/variable.h"
#include "tensor/reduce.h"

namespace weft {

Variable sum(const Variable& x, const Axes& axes = {}, Keep keep = Keep::no);
Variable mean(const Variable& x, const Axes& axes = {}, Keep keep = Keep::no);
/// Equal extremes share the gradient equally (argmax and argmin name only the first).
Variable max(const Variable& x, const Axes& axes = {}, Keep keep = Keep::no);
Variable min(const Variable& x, const Axes& axes = {}, Keep keep = Keep::no);
/// The derivative divides by x: elements that are 0 give NaN.
Variable prod(const Variable& x, const Axes& axes = {}, Keep keep = Keep::no);
Variable sum_to_size(const Variable& x, const Shape& shape);

}  // namespace weft
