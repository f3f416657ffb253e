// autograd/lstm.cpp: one step of a long short-term memory, and its derivative
//
//   c' = F c + I G m         I = s(i), F = s(f + b), G = tanh(g)       saves gates, c, m; fused
//     dc = dy F    di = dy G m I (1 - I)    df = dy c F (1 - F)    dg = dy I m (1 - G^2)    do = 0
//   h' = O tanh(c)           O = s(o)                                  saves gates, c; fused
//     do = dy tanh(c) O (1 - O)             dc = dy O (1 - tanh(c)^2)
#include "autograd/lstm.h"

#include "autograd/elementwise.h"
#include "autograd/node.h"
#include "autograd/unslice.h"
#include "autograd/view.h"
#include "tensor/lstm.h"

namespace weft {
namespace {

/// Quarter k of the gates.
Variable gate(const Variable& gates, int64_t k) {
  const int64_t h = gates.size(1) / 4;
  return slice(gates, 1, k * h, (k + 1) * h);
}

}  // namespace

Variable lstm_cell_state(const Variable& gates, const Variable& c, double forget_bias, const Tensor& mask) {
  if (composing()) {
    check_lstm("lstm_cell_state", gates.value(), c.value(), mask);
    const Variable candidate = tanh(gate(gates, 2));
    return sigmoid(gate(gates, 1) + forget_bias) * c +
           sigmoid(gate(gates, 0)) * (mask.defined() ? candidate * Variable(mask) : candidate);
  }
  const Tensor y = lstm_cell_state(gates.value(), c.value(), forget_bias, mask);
  Saves saves = Saves::inputs().fused();
  if (mask.defined()) saves = saves.with({mask});
  const bool masked = mask.defined();
  return record("lstm_cell_state", {gates, c}, y, saves, [forget_bias, masked](Node& n, const Variable& dy) {
    const LstmGradient gradient = lstm_cell_state_gradient(n.input(0).value(), n.input(1).value(), forget_bias,
                                                           masked ? n.extra(0) : Tensor(), dy.value());
    n.add_grad(0, gradient.gates);
    n.add_grad(1, gradient.c);
  });
}

Variable lstm_hidden_state(const Variable& gates, const Variable& c) {
  if (composing()) {
    check_lstm("lstm_hidden_state", gates.value(), c.value());
    return sigmoid(gate(gates, 3)) * tanh(c);
  }
  const Tensor y = lstm_hidden_state(gates.value(), c.value());
  return record("lstm_hidden_state", {gates, c}, y, Saves::inputs().fused(), [](Node& n, const Variable& dy) {
    const LstmGradient gradient = lstm_hidden_state_gradient(n.input(0).value(), n.input(1).value(), dy.value());
    const int64_t h = gradient.c.size(1);
    if (n.wants(0)) n.add_grad_slice(0, gradient.gates, {1, 3 * h, 4 * h, 1});
    n.add_grad(1, gradient.c);
  });
}

}  // namespace weft
