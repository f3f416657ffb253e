// tensor/lstm.h: one step of a long short-term memory, behind its products, and the way back
//
//   c' = s(f + forget_bias) c + s(i) tanh(g) mask        h' = s(o) tanh(c')          s: the logistic function
//
// Hochreiter and Schmidhuber 1997; forget gate: Gers, Schmidhuber and Cummins 2000; a mask on the candidate alone as
// recurrent dropout: Semeniuta, Severyn and Barth 2016. Two functions, so that a norm may stand between c' and h'.
#pragma once
#include "tensor/tensor.h"

namespace weft {

/// What the functions below ask of their arguments, in the name of `op`.
void check_lstm(std::string_view op, const Tensor& gates, const Tensor& c, const Tensor& mask = {});

/// c'. gates [n, 4 h]: i, f, g and o side by side, before their activations; c [n, h]; mask [n, h], or undefined for
/// none. float32 or float64, one dtype and device.  Throws: anything else.
Tensor lstm_cell_state(const Tensor& gates, const Tensor& c, double forget_bias = 0, const Tensor& mask = {});
/// h' [n, h] from gates [n, 4 h], of which only o is read, and c [n, h].  Throws: as lstm_cell_state.
Tensor lstm_hidden_state(const Tensor& gates, const Tensor& c);

struct LstmGradient {
  Tensor gates;  ///< of lstm_cell_state: [n, 4 h], 0 for o; of lstm_hidden_state: [n, h], that of o alone
  Tensor c;      ///< [n, h]
};
/// From the same arguments and dy [n, h], the gradient of the result.
LstmGradient lstm_cell_state_gradient(const Tensor& gates, const Tensor& c, double forget_bias, const Tensor& mask,
                                      const Tensor& dy);
LstmGradient lstm_hidden_state_gradient(const Tensor& gates, const Tensor& c, const Tensor& dy);

}  // namespace weft
