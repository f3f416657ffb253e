// backends/cpu/lstm_rules.h: one unit of a long short-term memory, from its gates before their activations
#pragma once
#include "backends/cpu/vector_maths.h"

namespace weft::cpu_kernels {

/// What tanh(g) is multiplied by: dropout's mask, or 1.
template <class T>
struct Masked {
  const T* mask;
  T operator[](int64_t j) const { return mask[j]; }
};
template <class T>
struct Unmasked {
  T operator[](int64_t) const { return 1; }
};

/// c' = s(f) c + s(i) tanh(g) mask; whoever has a forget bias adds it to f.
template <class T>
inline T lstm_cell_state_of(T i, T f, T g, T c, T mask) {
  return vector_sigmoid(f) * c + vector_sigmoid(i) * (vector_tanh(g) * mask);
}

/// h' = s(o) tanh(c).
template <class T>
inline T lstm_hidden_state_of(T o, T c) {
  return vector_sigmoid(o) * vector_tanh(c);
}

template <class T>
struct LstmCellStateGradient {
  T i, f, g, c;
};
/// From the arguments of lstm_cell_state_of and the gradient of c'.
template <class T>
inline LstmCellStateGradient<T> lstm_cell_state_gradient_of(T i_before, T f_before, T g_before, T c, T mask, T dc) {
  const T i = vector_sigmoid(i_before), f = vector_sigmoid(f_before), g = vector_tanh(g_before);
  return {dc * (g * mask) * i * (1 - i), dc * c * f * (1 - f), dc * (i * mask) * (1 - g * g), dc * f};
}

template <class T>
struct LstmHiddenStateGradient {
  T o, c;
};
/// From the arguments of lstm_hidden_state_of and the gradient of h'.
template <class T>
inline LstmHiddenStateGradient<T> lstm_hidden_state_gradient_of(T o_before, T c, T dh) {
  const T o = vector_sigmoid(o_before), t = vector_tanh(c);
  return {dh * t * o * (1 - o), dh * o * (1 - t * t)};
}

}  // namespace weft::cpu_kernels
