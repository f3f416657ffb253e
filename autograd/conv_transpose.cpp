// autograd/conv_transpose.cpp: the transposed convolution: the input gradient of conv2d as a layer of its own
//
//   y = input(x, w) + bias       dx = conv(dy, w)      dw = weight(dy, x)      dbias = sum dy over n, h, w
#include "autograd/conv.h"
#include "autograd/elementwise.h"
#include "autograd/pad.h"
#include "autograd/view.h"

namespace weft {

Variable conv_transpose2d(const Variable& x, const Variable& weight, const Variable& bias, const Window2d& window,
                          const Shape& output_padding, int64_t groups) {
  constexpr std::string_view op = "conv_transpose2d";
  const Shape size = conv_transpose_size(op, x.value(), weight.value(), 4, window, output_padding, groups);
  check_bias(op, weight.value(), weight.size(1) * groups, bias.value());
  // With an output padding of a stride and more, conv2d would give more positions than x has: the others count as 0.
  const int64_t rows = output_padding[0] / window.stride[0], columns = output_padding[1] / window.stride[1];
  const Variable source = rows == 0 && columns == 0 ? x : pad(x, {{0, rows}, {0, columns}});
  const Variable y = conv2d_input_gradient(source, weight, size, window, groups);
  return bias.defined() ? y + reshape(bias, {bias.size(0), 1, 1}) : y;
}

}  // namespace weft
