// nn/recurrent/layer_norm_lstm.h: LSTM with layer normalization
#pragma once
#include "nn/recurrent/cell.h"
#include "nn/recurrent/layer.h"

namespace weft::nn {

/// Where the norms stand; LN has its own weight and bias wherever it is written.
enum class NormPlacement : uint8_t {
  /// y = LN_y(W_ih x + W_hh h + b) for each gate y by itself (Ha et al. 2016; their code).
  each_gate,
  /// (i, f, g, o) = LN_x(W_ih x) + LN_h(W_hh h) + b, each norm over all four gates together (Ba et al. 2016).
  each_product,
  /// Nowhere: y = W_ih x + W_hh h + b, h' = s(o) tanh(c'), the LSTM of Ha et al. with its init and forget bias.
  none,
};

struct LayerNormLSTMOptions {
  NormPlacement placement = NormPlacement::each_gate;
  double eps = 1e-3;       ///< of all norms, as in Ha et al.'s code
  double forget_bias = 1;  ///< added to f behind the norm; not a parameter
  double recurrent_dropout = 0;
};

/// (i, f, g, o) as NormPlacement says, then
///   c' = s(f + forget_bias) c + s(i) dropout(tanh(g))      h' = s(o) tanh(LN_c(c'))
/// State {h, c}; c is kept as it was before its norm.
/// Init: weight_ih Glorot uniform, weight_hh orthogonal gate by gate, norms 1 and 0, bias 0.
class LayerNormLSTMCell : public RecurrentCell {
 public:
  /// Throws: sizes below 1, a probability outside [0, 1].
  LayerNormLSTMCell(int64_t input_size, int64_t hidden_size, Streams& streams, LayerNormLSTMOptions options = {},
                    Bias bias = Bias::yes);
  Variable project(const Variable& x) override;
  RecurrentState step(const Variable& projected, const RecurrentState& state) override;

  Parameter weight_ih, weight_hh;                // [4 hidden, input], [4 hidden, hidden]
  Parameter bias;                                // [4 hidden]; undefined with Bias::no
  Parameter norm_gates_weight, norm_gates_bias;  // each_gate: [4, hidden]
  Parameter norm_ih_weight, norm_ih_bias;        // each_product: [4 hidden]
  Parameter norm_hh_weight, norm_hh_bias;        // each_product: [4 hidden]
  Parameter norm_c_weight, norm_c_bias;          // [hidden]; undefined with NormPlacement::none

 protected:
  /// For cells that come to the sums of the gates in another way; `more_state` stands behind h and c.
  LayerNormLSTMCell(std::string_view kind, int64_t input_size, int64_t hidden_size, std::vector<StatePart> more_state,
                    Streams& streams, LayerNormLSTMOptions options, Bias bias);
  /// What follows the sums: norms, gates, {h', c'}.  sums [n, 4 hidden], c [n, hidden].
  RecurrentState update(const Variable& sums, const Variable& c);

 private:
  void add_norm(const std::string& name, Parameter& weight, Parameter& bias, const Shape& shape);

  LayerNormLSTMOptions options_;
  RandomStream& dropout_;
};

/// Layers of LayerNormLSTMCell. See RecurrentLayer for the call: batch first!
class LayerNormLSTM : public RecurrentLayer {
 public:
  LayerNormLSTM(int64_t input_size, int64_t hidden_size, RecurrentOptions options, Streams& streams,
                LayerNormLSTMOptions norm = {});
};

}  // namespace weft::nn
