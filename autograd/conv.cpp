// autograd/conv.cpp: convolution and its two adjoints; all three are bilinear, and each is the others' derivative
//
//   y = conv(x, w) + bias        dx = input(dy, w)      dw = weight(x, dy)      dbias = sum dy over n, h, w
//   dx = input(dy, w)            ddy = conv(ddx, w)     dw = weight(ddx, dy)
//   dw = weight(x, dy)           dx = input(dy, ddw)    ddy = conv(x, ddw)
// Each saves both operands; a letter d in front is the gradient of what stands behind it.
#include "autograd/conv.h"

#include "autograd/node.h"
#include "autograd/reduce.h"

namespace weft {
namespace {

/// {height, width}, or {kernel height, kernel width}.
Shape last_two(const Shape& shape) { return {shape[2], shape[3]}; }

Variable without_bias(const Variable& x, const Variable& weight, const Window2d& window, int64_t groups) {
  return conv2d(x, weight, Variable(), window, groups);
}

}  // namespace

Variable conv2d(const Variable& x, const Variable& weight, const Variable& bias, const Window2d& window,
                int64_t groups) {
  check_convolution("conv2d", x.value(), weight.value(), 4, groups);
  check_bias("conv2d", weight.value(), weight.size(0), bias.value());
  const Tensor y = conv2d(x.value(), weight.value(), window, groups);
  if (bias.defined()) y.add_(bias.value().reshape({1, weight.size(0), 1, 1}));
  const Saves saves = Saves::input(0) | Saves::input(1);
  return record("conv2d", {x, weight, bias}, y, saves, [window, groups](Node& n, const Variable& dy) {
    if (n.wants(0)) n.add_grad(0, conv2d_input_gradient(dy, n.input(1), last_two(n.input_shape(0)), window, groups));
    if (n.wants(1)) n.add_grad(1, conv2d_weight_gradient(n.input(0), dy, last_two(n.input_shape(1)), window, groups));
    if (n.wants(2)) n.add_grad(2, sum(dy, {0, 2, 3}));
  });
}

Variable conv2d_input_gradient(const Variable& dy, const Variable& weight, const Shape& input_size,
                               const Window2d& window, int64_t groups) {
  const Tensor dx = conv2d_input_gradient(dy.value(), weight.value(), input_size, window, groups);
  return record("conv2d_input_gradient", {dy, weight}, dx, Saves::inputs(),
                [window, groups](Node& n, const Variable& ddx) {
                  if (n.wants(0)) n.add_grad(0, without_bias(ddx, n.input(1), window, groups));
                  if (n.wants(1))
                    n.add_grad(1, conv2d_weight_gradient(ddx, n.input(0), last_two(n.input_shape(1)), window, groups));
                });
}

Variable conv2d_weight_gradient(const Variable& x, const Variable& dy, const Shape& kernel_size, const Window2d& window,
                                int64_t groups) {
  const Tensor dw = conv2d_weight_gradient(x.value(), dy.value(), kernel_size, window, groups);
  return record("conv2d_weight_gradient", {x, dy}, dw, Saves::inputs(), [window, groups](Node& n, const Variable& ddw) {
    if (n.wants(0)) n.add_grad(0, conv2d_input_gradient(n.input(1), ddw, last_two(n.input_shape(0)), window, groups));
    if (n.wants(1)) n.add_grad(1, without_bias(n.input(0), ddw, window, groups));
  });
}

}  // namespace weft
