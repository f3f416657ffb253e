// tensor/lstm.cpp: one step of a long short-term memory
#include "tensor/lstm.h"

#include "tensor/backend.h"
#include "tensor/checks.h"
#include "tensor/create.h"

namespace weft {

void check_lstm(std::string_view op, const Tensor& gates, const Tensor& c, const Tensor& mask) {
  check_floating(op, gates);
  check_same_dtype(op, gates, c);
  check_same_device(op, gates, c);
  if (gates.rank() != 2 || c.rank() != 2 || gates.size(0) != c.size(0) || gates.size(1) != 4 * c.size(1)) {
    fail(op, "gates are {}, c is {}; hint: they are [n, 4 h] and [n, h]", gates.describe(), c.describe());
  }
  if (mask.defined()) check_alike(op, "mask", mask, "c", c);
}

Tensor lstm_cell_state(const Tensor& gates, const Tensor& c, double forget_bias, const Tensor& mask) {
  check_lstm("lstm_cell_state", gates, c, mask);
  Tensor y = empty_like(c);
  if (y.numel() > 0) y.backend().lstm_cell_state(gates, c, forget_bias, mask, y);
  return y;
}

Tensor lstm_hidden_state(const Tensor& gates, const Tensor& c) {
  check_lstm("lstm_hidden_state", gates, c);
  Tensor y = empty_like(c);
  if (y.numel() > 0) y.backend().lstm_hidden_state(gates, c, y);
  return y;
}

LstmGradient lstm_cell_state_gradient(const Tensor& gates, const Tensor& c, double forget_bias, const Tensor& mask,
                                      const Tensor& dy) {
  check_lstm("lstm_cell_state_gradient", gates, c, mask);
  check_alike("lstm_cell_state_gradient", "dy", dy, "c", c);
  LstmGradient gradient{empty_like(gates), empty_like(c)};
  if (c.numel() > 0) {
    c.backend().lstm_cell_state_gradient(gates, c, forget_bias, mask, dy, gradient.gates, gradient.c);
  }
  return gradient;
}

LstmGradient lstm_hidden_state_gradient(const Tensor& gates, const Tensor& c, const Tensor& dy) {
  check_lstm("lstm_hidden_state_gradient", gates, c);
  check_alike("lstm_hidden_state_gradient", "dy", dy, "c", c);
  LstmGradient gradient{empty_like(c), empty_like(c)};
  if (c.numel() > 0) c.backend().lstm_hidden_state_gradient(gates, c, dy, gradient.gates, gradient.c);
  return gradient;
}

}  // namespace weft
