// hyper/supercell.h: weights of the authors' code (github.com/hardmaru/supercell) as ours, and back
#pragma once
#include "nn/module.h"

namespace weft::hyper {

// Their matrices are input-major, [in, 4 hidden], with gates in the order i, j (our g), f, o and x before h; ours are
// [4 hidden, in] in the order i, f, g, o. Names, below the scope of one cell, for gates y of i, j, f, o:
//   W_xh, W_hh, bias                                             weight_ih, weight_hh, bias
//   ln_y/layer_norm_alpha, ln_y/layer_norm_bias                  norm_gates_weight, norm_gates_bias
//   ln_c/layer_norm_alpha, ln_c/layer_norm_bias                  norm_c_weight, norm_c_bias
// and of a HyperLSTM
//   LayerNormLSTMCell/... or LSTMCell/..., W_xh of (x, h)        hyper...., and hyper_weight_h
//   hyper_yh/zw, hyper_yx/zw, hyper_yh/zb: super_linear_w, _b    embeddings.weight, embeddings.bias
//   hyper_yh/alpha, hyper_yx/alpha, hyper_yh/beta: ..._w         scale_weight
// Their LayerNormLSTMCell has no bias; ours starts at 0.

/// An LSTM or LayerNorm LSTM cell (nn::LayerNormLSTMCell).  Throws: names that are missing or not known, shapes that do
/// not fit, all listed.
nn::StateDict lstm_from_supercell(const nn::StateDict& theirs);
nn::StateDict lstm_to_supercell(const nn::StateDict& ours);

/// A HyperLSTM cell with or without layer norm (HyperLSTMCell).
/// Throws: as above; to: a hyper cell with layer norm whose bias is not 0, which theirs does not have.
nn::StateDict hyper_lstm_from_supercell(const nn::StateDict& theirs);
nn::StateDict hyper_lstm_to_supercell(const nn::StateDict& ours);

}  // namespace weft::hyper
