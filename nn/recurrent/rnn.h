// nn/recurrent/rnn.h: the plain recurrent network (Elman 1990)
#pragma once
#include "nn/recurrent/cell.h"
#include "nn/recurrent/layer.h"

namespace weft::nn {

enum class RNNNonlinearity : uint8_t { tanh, relu };

/// h' = phi(W_ih x + b_ih + W_hh h + b_hh).   State {h}.   Parameters and their init: GatedCell, one "gate".
class RNNCell : public GatedCell {
 public:
  /// Throws: sizes below 1.
  RNNCell(int64_t input_size, int64_t hidden_size, RandomStream& init,
          RNNNonlinearity nonlinearity = RNNNonlinearity::tanh, Bias bias = Bias::yes);
  RecurrentState step(const Variable& projected, const RecurrentState& state) override;

 private:
  RNNNonlinearity nonlinearity_;
};

/// Layers of RNNCell. See RecurrentLayer for the call: batch first!
class RNN : public RecurrentLayer {
 public:
  RNN(int64_t input_size, int64_t hidden_size, RecurrentOptions options, Streams& streams,
      RNNNonlinearity nonlinearity = RNNNonlinearity::tanh);
};

}  // namespace weft::nn
