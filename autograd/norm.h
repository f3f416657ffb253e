// autograd/norm.h: vector norms, which record their derivative
#pragma once
#include "autograd/reduce.h"
#include "tensor/norm.h"

namespace weft {

/// The gradient of elements that are 0 is 0, whatever p, and that of a vector of zeros too.
Variable norm(const Variable& x, double p = 2, const Axes& axes = {}, Keep keep = Keep::no);

}  // namespace weft
