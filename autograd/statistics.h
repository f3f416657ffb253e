// autograd/statistics.h: variance and standard deviation, which record their derivative
#pragma once
#include "autograd/reduce.h"
#include "tensor/statistics.h"

namespace weft {

Variable var(const Variable& x, const Axes& axes = {}, Keep keep = Keep::no, int64_t correction = 1);
/// The gradient is 0 where x is constant.
Variable stddev(const Variable& x, const Axes& axes = {}, Keep keep = Keep::no, int64_t correction = 1);

}  // namespace weft
