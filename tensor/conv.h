// tensor/conv.h: convolution (cross-correlation, as everywhere in deep learning) and its two adjoints
#pragma once
#include "tensor/backend.h"
#include "tensor/tensor.h"

namespace weft {

/// y[n, o, i, j] = sum_{c, p, q} x[n, c, i stride_h + p - pad_h, j stride_w + q - pad_w] weight[o, c, p, q]
/// x [n, c, h, w], weight [o, c, kh, kw], float -> y [n, o, oh, ow], oh = (h + 2 pad_h - kh) / stride_h + 1.
/// Throws: ranks, channels, dtypes or devices that do not fit, a kernel larger than the padded image, stride < 1.
Tensor conv2d(const Tensor& x, const Tensor& weight, const Window2d& window = {});

/// The gradient of conv2d with respect to x: dy [n, o, oh, ow], weight [o, c, kh, kw] -> [n, c, h, w].
/// `input_size` is {h, w}, which the stride leaves open.
Tensor conv2d_input_gradient(const Tensor& dy, const Tensor& weight, const Shape& input_size, const Window2d& window);

/// The gradient of conv2d with respect to weight: x [n, c, h, w], dy [n, o, oh, ow] -> [o, c, kh, kw].
/// `kernel_size` is {kh, kw}.
Tensor conv2d_weight_gradient(const Tensor& x, const Tensor& dy, const Shape& kernel_size, const Window2d& window);

}  // namespace weft
