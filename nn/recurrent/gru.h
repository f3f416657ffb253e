// nn/recurrent/gru.h: the gated recurrent unit (Cho et al. 2014), as PyTorch and cuDNN compute it
#pragma once
#include "nn/recurrent/cell.h"
#include "nn/recurrent/layer.h"

namespace weft::nn {

/// With s the logistic function, in the order r, z, n of the rows of weight_ih and weight_hh:
///   r = s(W_ir x + b_ir + W_hr h + b_hr)            z = s(W_iz x + b_iz + W_hz h + b_hz)
///   n = tanh(W_in x + b_in + r (W_hn h + b_hn))     h' = (1 - z) n + z h
/// State {h}.   Parameters and their init: GatedCell, three gates. (Cho et al. apply r to h before the product.)
class GRUCell : public GatedCell {
 public:
  /// Throws: sizes below 1.
  GRUCell(int64_t input_size, int64_t hidden_size, RandomStream& init, Bias bias = Bias::yes);
  RecurrentState step(const Variable& projected, const RecurrentState& state) override;
};

/// Layers of GRUCell. See RecurrentLayer for the call: batch first!
class GRU : public RecurrentLayer {
 public:
  GRU(int64_t input_size, int64_t hidden_size, RecurrentOptions options, Streams& streams);
};

}  // namespace weft::nn
