// hyper/lstm.h: HyperLSTM, an LSTM whose weights a smaller LSTM rescales at every step (Ha, Dai and Le 2016)
#pragma once
#include "hyper/embeddings.h"

namespace weft::hyper {

/// Defaults are the authors' code; where the paper says something else, the other value is named "the paper's".
struct HyperLSTMOptions {
  int64_t hyper_size = 128;     ///< units of the hyper cell
  int64_t embedding_size = 16;  ///< of each embedding z
  EmbeddingsFrom embeddings_from = EmbeddingsFrom::new_state;
  /// nn::NormPlacement::each_gate, or none: in both cells.
  nn::NormPlacement norm = nn::NormPlacement::each_gate;
  double eps = 1e-3;       ///< of all norms
  double forget_bias = 1;  ///< of both cells, added behind the norm; the paper mentions none: 0
  /// The probability of a zero in tanh(g) while training, of the main cell and of the hyper cell.
  double recurrent_dropout = 0, hyper_recurrent_dropout = 0;
  enum class InputInit : bool { glorot, orthogonal };
  InputInit input_init = InputInit::glorot;  ///< of weight_ih of the main cell; orthogonal (gate by gate): the paper's
};

/// Equations 10 to 13. The hyper cell is an LSTM (with layer norm, unless there is none) that reads x and h; from its
/// output come, for each gate y of i, f, g, o, the embeddings z of hyper/embeddings.h, and from these the scales d of
/// autograd/scaled_gates.h. Then
///   y  = LN_y(d_h (W_hh h) + d_x (W_ih x) + W_bz z_b + b)        (products of d element by element)
///   c' = s(f + forget_bias) c + s(i) dropout(tanh(g))            h' = s(o) tanh(LN_c(c'))
/// State {h, c, hyper_h, hyper_c}.
///
/// Parameters beside those of nn::LayerNormLSTMCell, whose names and init these are: weight_ih, weight_hh, bias, norms;
///   hyper.*                                of the hyper cell; its weight_ih reads x
///   hyper_weight_h  [4 hyper, hidden]      by which the hyper cell reads h. The two stand apart, so the order of
///                                          (x, h), which differs between paper and code, does not arise
///   embeddings.weight, embeddings.bias     see Embeddings
///   scale_weight    [3, 4, hidden, embedding]   W_hz, W_xz, W_bz of each gate; init::scale_weight_
class HyperLSTMCell : public nn::LayerNormLSTMCell {
 public:
  /// Bias::no: neither cell has a bias; the embeddings keep theirs.  Throws: sizes below 1, a probability outside
  /// [0, 1], NormPlacement::each_product.
  HyperLSTMCell(int64_t input_size, int64_t hidden_size, Streams& streams, HyperLSTMOptions options = {},
                nn::Bias bias = nn::Bias::yes);
  /// x [..., input_size] -> [..., 4 hidden + 4 hyper]: W_ih x, and what the hyper cell makes of x.
  Variable project(const Variable& x) override;
  nn::RecurrentState step(const Variable& projected, const nn::RecurrentState& state) override;

  nn::LayerNormLSTMCell hyper;
  Embeddings embeddings;
  nn::Parameter hyper_weight_h, scale_weight;

 private:
  EmbeddingsFrom embeddings_from_;
};

/// Layers of HyperLSTMCell: call, states and options are those of nn::LSTM, for which it may stand in. Batch first!
class HyperLSTM : public nn::RecurrentLayer {
 public:
  HyperLSTM(int64_t input_size, int64_t hidden_size, nn::RecurrentOptions options, Streams& streams,
            HyperLSTMOptions hyper = {});
};

}  // namespace weft::hyper
