// autograd/scaled_gates.cpp: what the gates of a cell sum up when a smaller cell scales its products, and the
// derivative
//
//   y = d_h by_h + d_x by_x + d_b + bias,  d_r = W_r z_r              saves by_h, by_x, z, W; fused
//     dby_h = dy d_h    dby_x = dy d_x    dbias = sum(dy)
//     dd_h = dy by_h    dd_x = dy by_x    dd_b = dy        dz_r = W_r^T dd_r    dW_r = sum(dd_r z_r^T)
#include "autograd/scaled_gates.h"

#include "autograd/elementwise.h"
#include "autograd/matmul.h"
#include "autograd/node.h"
#include "autograd/split.h"
#include "autograd/view.h"
#include "tensor/scaled_gates.h"

namespace weft {

Variable scales(const Variable& z, const Variable& scale_weight) {
  check_scales("scales", z.value(), scale_weight.value());
  const int64_t n = z.size(0), gates = z.size(2), e = z.size(3), hidden = scale_weight.size(2);
  const Variable each = transpose(reshape(z, {n, 3 * gates, e}), 0, 1);
  const Variable d = matmul(each, transpose(reshape(scale_weight, {3 * gates, hidden, e})));
  return reshape(transpose(d, 0, 1), {n, 3, gates, hidden});
}

Variable scaled_gates(const Variable& by_h, const Variable& by_x, const Variable& z, const Variable& scale_weight,
                      const Variable& bias) {
  const Tensor bias_value = bias.defined() ? bias.value() : Tensor();
  if (composing()) {
    check_scaled_gates("scaled_gates", by_h.value(), by_x.value(), z.value(), scale_weight.value(), bias_value);
    const std::vector<Variable> d = unbind(scales(z, scale_weight), 1);
    const Shape by_gate = d[0].shape();
    const Variable y = d[0] * reshape(by_h, by_gate) + d[1] * reshape(by_x, by_gate) + d[2];
    return bias.defined() ? reshape(y, by_h.shape()) + bias : reshape(y, by_h.shape());
  }
  const Tensor y = scaled_gates(by_h.value(), by_x.value(), z.value(), scale_weight.value(), bias_value);
  std::vector<Variable> inputs{by_h, by_x, z, scale_weight};
  if (bias.defined()) inputs.push_back(bias);
  const Saves saves = (Saves::input(0) | Saves::input(1) | Saves::input(2) | Saves::input(3)).fused();
  return record("scaled_gates", inputs, y, saves, [](Node& n, const Variable& dy) {
    const bool wants_bias = n.num_inputs() == 5 && n.wants(4);
    const ScaledGatesGradient gradient = scaled_gates_gradient(
        n.input(0).value(), n.input(1).value(), n.input(2).value(), n.input(3).value(), dy.value(), wants_bias);
    n.add_grad(0, gradient.by_h);
    n.add_grad(1, gradient.by_x);
    n.add_grad(2, gradient.z);
    n.add_grad(3, gradient.scale_weight);
    if (wants_bias) n.add_grad(4, gradient.bias);
  });
}

}  // namespace weft
