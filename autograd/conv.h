// autograd/conv.h: convolution that records its derivative, to any order
#pragma once
#include "autograd/variable.h"
#include "tensor/conv.h"

namespace weft {

/// x [n, c, h, w], weight [o, c / groups, kh, kw], bias [o] or undefined -> [n, o, oh, ow]; the formula and errors
/// stand in tensor/conv.h.
Variable conv2d(const Variable& x, const Variable& weight, const Variable& bias, const Window2d& window = {},
                int64_t groups = 1);
/// The same along one axis: x [n, c, l], weight [o, c / groups, k], bias [o] or undefined -> [n, o, ol].
Variable conv1d(const Variable& x, const Variable& weight, const Variable& bias = {}, const Window1d& window = {},
                int64_t groups = 1);

/// The transposed convolution: the input gradient of conv2d, so stride spreads pixels out and padding cuts off.
/// x [n, in, h, w], weight [in, out / groups, kh, kw], bias [out] or undefined -> [n, out, oh, ow],
/// oh = (h - 1) stride_h - 2 pad_h + dil_h (kh - 1) + output_padding_h + 1 (Dumoulin and Visin 2016).
/// Throws: what does not fit, output_padding that is not smaller than stride or dilation, an output of no pixels.
Variable conv_transpose2d(const Variable& x, const Variable& weight, const Variable& bias = {},
                          const Window2d& window = {}, const Shape& output_padding = {0, 0}, int64_t groups = 1);

/// The same along one axis: x [n, in, l], weight [in, out / groups, k] -> [n, out, ol].
Variable conv_transpose1d(const Variable& x, const Variable& weight, const Variable& bias = {},
                          const Window1d& window = {}, int64_t output_padding = 0, int64_t groups = 1);

/// The two adjoints of conv2d, see tensor/conv.h; each of the three is the others' derivative.
Variable conv2d_input_gradient(const Variable& dy, const Variable& weight, const Shape& input_size,
                               const Window2d& window, int64_t groups = 1);
Variable conv2d_weight_gradient(const Variable& x, const Variable& dy, const Shape& kernel_size, const Window2d& window,
                                int64_t groups = 1);

}  // namespace weft
