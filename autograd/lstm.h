// autograd/lstm.h: one step of a long short-term memory, behind its products
#pragma once
#include "autograd/variable.h"

namespace weft {

/// c' = s(f + forget_bias) c + s(i) tanh(g) mask:  gates [n, 4 h] are (i, f, g, o) side by side, before their
/// activations; c and c' [n, h]; mask [n, h], a constant, or undefined for none. See tensor/lstm.h.
/// Throws: other shapes, other dtypes than float32 or float64, dtypes or devices that differ.
Variable lstm_cell_state(const Variable& gates, const Variable& c, double forget_bias = 0, const Tensor& mask = {});
/// h' = s(o) tanh(c):  gates [n, 4 h], of which only o is read, c and h' [n, h].  Throws: as lstm_cell_state.
Variable lstm_hidden_state(const Variable& gates, const Variable& c);

}  // namespace weft
