// autograd/pool.h: pooling that records its derivative
#pragma once
#include "autograd/variable.h"
#include "tensor/pool.h"

namespace weft {

/// Values only; the gradient goes to the maximum of each window (to the first of equals).
Variable max_pool2d(const Variable& x, int64_t kernel_h, int64_t kernel_w, const Window2d& window);

}  // namespace weft
