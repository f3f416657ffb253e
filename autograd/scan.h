// autograd/scan.h: scans of tensor/scan.h that record their derivative
#pragma once
#include "autograd/variable.h"
#include "tensor/scan.h"

namespace weft {

Variable cumsum(const Variable& x, int64_t axis, From from = From::first);
/// Elements that are 0 have the right derivatives too, of any order.
Variable cumprod(const Variable& x, int64_t axis, From from = From::first);

}  // namespace weft
