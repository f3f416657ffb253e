// tensor/pool.h: pooling over windows
#pragma once
#include "tensor/backend.h"
#include "tensor/window.h"

namespace weft {

struct MaxPooled {
  Tensor values;   ///< [n, c, oh, ow]
  Tensor indices;  ///< int64, same shape: position of the maximum within its h * w plane
};

/// Largest value of each kernel_h x kernel_w window, whose stride is 1 unless `window` says otherwise (PyTorch takes
/// the kernel's size); padding counts as -inf; the first of equals, NaN wins. x [n, c, h, w], float; oh = (h + 2 pad_h
/// - dil_h (kernel_h - 1) - 1) / stride_h + 1, rounded as ceil_mode says. Throws: not 4 axes, not a float, a kernel,
/// stride or dilation below 1, a padding that is negative or over half the kernel, a dilation over the whole image, a
/// kernel that spans more than the padded image.
MaxPooled max_pool2d(const Tensor& x, int64_t kernel_h, int64_t kernel_w, const Window2d& window,
                     CeilMode ceil_mode = CeilMode::no);

}  // namespace weft
