// hyper/rnn.h: HyperRNN, a plain recurrent network whose weights a smaller one makes at every step (Ha et al. 2016)
#pragma once
#include "hyper/embeddings.h"

namespace weft::hyper {

enum class HyperRNNForm : uint8_t {
  /// Equation 8: the hyper cell scales the rows of the weights.
  scaled,
  /// Equation 5: it makes the weights whole, as W(z) = sum_k z_k W_k. The weights take embedding_size times the memory
  /// of an RNN's: [hidden, hidden, embedding] and [hidden, input, embedding].
  full,
};

struct HyperRNNOptions {
  HyperRNNForm form = HyperRNNForm::scaled;
  int64_t hyper_size = 128;     ///< units of the hyper cell
  int64_t embedding_size = 16;  ///< of each embedding z
  EmbeddingsFrom embeddings_from = EmbeddingsFrom::new_state;
  nn::RNNNonlinearity nonlinearity = nn::RNNNonlinearity::tanh;  ///< phi, of both cells
};

/// The hyper cell (equation 6) is an RNN on x and h: h^' = phi(W^ h^ + W^_x x + W^_h h + b^); from its output come the
/// embeddings z of hyper/embeddings.h, and the main cell is
///   scaled   h' = phi(W_hz z_h (W_hh h) + W_xz z_x (W_ih x) + W_bz z_b + b)    (products element by element)
///   full     h' = phi(W_hh(z_h) h + W_ih(z_x) x + W_bz z_b + b)
/// State {h, hyper_h}.
/// Init: input weights Glorot uniform, recurrent weights orthogonal, biases 0; embeddings and scales as
/// hyper/init.h says. Full: each slice so, divided by sqrt(embedding_size), which is what W(z) starts from as z starts
/// as 1.
/// Parameters:
///   weight_ih, weight_hh    [hidden, input], [hidden, hidden]; full: [..., embedding]
///   bias                    [hidden]
///   scale_weight            scaled: [3, 1, hidden, embedding], W_hz, W_xz, W_bz
///   bias_weight             full: [hidden, embedding], W_bz
///   hyper.*, hyper_weight_h [hyper, hidden], hyper_bias [hyper]; embeddings.*
/// With Bias::no neither cell has a bias; the embeddings keep theirs.
class HyperRNNCell : public nn::RecurrentCell {
 public:
  /// Throws: sizes below 1.
  HyperRNNCell(int64_t input_size, int64_t hidden_size, RandomStream& init, HyperRNNOptions options = {},
               nn::Bias bias = nn::Bias::yes);
  /// x [..., input_size] -> [..., hidden + hyper]: W_ih x and what the hyper cell makes of x; full: x itself in place
  /// of W_ih x.
  Variable project(const Variable& x) override;
  nn::RecurrentState step(const Variable& projected, const nn::RecurrentState& state) override;

  nn::RNNCell hyper;
  Embeddings embeddings;
  nn::Parameter weight_ih, weight_hh, bias, scale_weight, bias_weight, hyper_weight_h, hyper_bias;

 private:
  void add_weights(RandomStream& init, nn::Bias with_bias);

  HyperRNNOptions options_;
};

/// Layers of HyperRNNCell. See nn::RecurrentLayer for the call: batch first!
class HyperRNN : public nn::RecurrentLayer {
 public:
  HyperRNN(int64_t input_size, int64_t hidden_size, nn::RecurrentOptions options, Streams& streams,
           HyperRNNOptions hyper = {});
};

}  // namespace weft::hyper
