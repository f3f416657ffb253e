// autograd/conv1d.cpp: convolutions along one axis, as images of one row
//
//   y = conv1d(x, w) + bias, conv_transpose1d      dx = that of conv2d, conv_transpose2d for h = 1; dw and dbias alike
#include "autograd/conv.h"
#include "autograd/view.h"
#include "tensor/window.h"

namespace weft {

Variable conv1d(const Variable& x, const Variable& weight, const Variable& bias, const Window1d& window,
                int64_t groups) {
  check_convolution("conv1d", x.value(), weight.value(), 3, groups);
  check_bias("conv1d", weight.value(), weight.size(0), bias.value());
  window_positions("conv1d", {1, x.size(2)}, {1, weight.size(2)}, window.on_rows());
  return squeeze(conv2d(unsqueeze(x, 2), unsqueeze(weight, 2), bias, window.on_rows(), groups), 2);
}

Variable conv_transpose1d(const Variable& x, const Variable& weight, const Variable& bias, const Window1d& window,
                          int64_t output_padding, int64_t groups) {
  const Window2d rows = window.on_rows();
  conv_transpose_size("conv_transpose1d", x.value(), weight.value(), 3, rows, {0, output_padding}, groups);
  check_bias("conv_transpose1d", weight.value(), weight.size(1) * groups, bias.value());
  return squeeze(conv_transpose2d(unsqueeze(x, 2), unsqueeze(weight, 2), bias, rows, {0, output_padding}, groups), 2);
}

}  // namespace weft
