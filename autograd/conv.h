// autograd/conv.h: convolution that records its derivative, to any order
#pragma once
#include "autograd/variable.h"
#include "tensor/conv.h"

namespace weft {

/// x [n, c, h, w], weight [o, c, kh, kw], bias [o] or undefined -> [n, o, oh, ow]; see tensor/conv.h for the formula.
Variable conv2d(const Variable& x, const Variable& weight, const Variable& bias, const Window2d& window = {});
Variable conv2d_input_gradient(const Variable& dy, const Variable& weight, const Shape& input_size,
                               const Window2d& window);
Variable conv2d_weight_gradient(const Variable& x, const Variable& dy, const Shape& kernel_size,
                                const Window2d& window);

}  // namespace weft
