// tensor/conv.h: convolution (cross-correlation, as everywhere in deep learning) and its two adjoints
#pragma once
#include "tensor/backend.h"
#include "tensor/tensor.h"

namespace weft {

/// y[n, o, i, j] = sum_{c, p, q} x[n, c, i stride_h + p dil_h - pad_h, j stride_w + q dil_w - pad_w] weight[o, c, p, q]
/// x [n, c, h, w], weight [o, c, kh, kw], float -> y [n, o, oh, ow],
/// oh = (h + 2 pad_h - dil_h (kh - 1) - 1) / stride_h + 1.
/// With groups g the channels are cut into g runs: weight [o, c / g, kh, kw], and output channels of run k see the
/// input channels of run k. Throws: ranks, channels, dtypes or devices that do not fit, a kernel larger than the padded
/// image, stride or dilation < 1, groups < 1 or no divisor of both channels.
Tensor conv2d(const Tensor& x, const Tensor& weight, const Window2d& window = {}, int64_t groups = 1);

/// The gradient of conv2d with respect to x: dy [n, o, oh, ow], weight [o, c / g, kh, kw] -> [n, c, h, w].
/// `input_size` is {h, w}, which the stride leaves open.
Tensor conv2d_input_gradient(const Tensor& dy, const Tensor& weight, const Shape& input_size, const Window2d& window,
                             int64_t groups = 1);

/// The gradient of conv2d with respect to weight: x [n, c, h, w], dy [n, o, oh, ow] -> [o, c / g, kh, kw].
/// `kernel_size` is {kh, kw}.
Tensor conv2d_weight_gradient(const Tensor& x, const Tensor& dy, const Shape& kernel_size, const Window2d& window,
                              int64_t groups = 1);

/// What the convolutions of any number of axes ask of x [n, c, ...] and weight [o, c / g, ...], `rank` axes both.
/// Throws in the name of `op`: devices, dtypes, ranks, groups and channels that do not fit.
void check_convolution(std::string_view op, const Tensor& x, const Tensor& weight, int64_t rank, int64_t groups);

/// Throws: bias is defined, and not [outputs] of weight's dtype and device.
void check_bias(std::string_view op, const Tensor& weight, int64_t outputs, const Tensor& bias);

/// {height, width} of the transposed convolution of x [n, in, h, w] with weight [in, out / g, kh, kw]:
/// (h - 1) stride_h - 2 pad_h + dil_h (kh - 1) + output_padding_h + 1. With rank 3, [n, in, w] and {1, width}.
/// Throws in the name of `op`: whatever does not fit, output padding that is not smaller than stride or dilation, an
/// output of no pixels.
Shape conv_transpose_size(std::string_view op, const Tensor& x, const Tensor& weight, int64_t rank,
                          const Window2d& window, const Shape& output_padding, int64_t groups);

}  // namespace weft
