// backends/gpu/conv_direct.h: convolution element by element, for groups of few channels and for planes of any size
#pragma once
#include "backends/gpu/gpu.h"

namespace weft::WEFT_GPU {

/// Each does what the method of Backend without `_direct` does.
void conv2d_direct(const Tensor& x, const Tensor& weight, const Tensor& y, const Window2d& window, int64_t groups);
void conv2d_input_gradient_direct(const Tensor& dy, const Tensor& weight, const Tensor& dx, const Window2d& window,
                                  int64_t groups);
void conv2d_weight_gradient_direct(const Tensor& x, const Tensor& dy, const Tensor& dw, const Window2d& window,
                                   int64_t groups);

}  // namespace weft::WEFT_GPU
