// autograd/reduce.h: reductions of tensor/reduce.h that record their derivative
#pragma once
#include "autograd/variable.h"
#include "tensor/reduce.h"

namespace weft {

Variable sum(const Variable& x, const Axes& axes = {}, Keep keep = Keep::no);
Variable mean(const Variable& x, const Axes& axes = {}, Keep keep = Keep::no);
/// Equal extremes, or all NaN, share the gradient equally (argmax and argmin name only the first).
Variable max(const Variable& x, const Axes& axes = {}, Keep keep = Keep::no);
Variable min(const Variable& x, const Axes& axes = {}, Keep keep = Keep::no);
/// Elements that are 0 have the right derivatives too, of any order.
Variable prod(const Variable& x, const Axes& axes = {}, Keep keep = Keep::no);
Variable sum_to_size(const Variable& x, const Shape& shape);

}  // namespace weft
