// nn/recurrent/lstm.h: long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al.)
#pragma once
#include "nn/recurrent/cell.h"
#include "nn/recurrent/layer.h"

namespace weft::nn {

/// With s the logistic function, in the order i, f, g, o of the rows of weight_ih and weight_hh:
///   (i, f, g, o) = W_ih x + b_ih + W_hh h + b_hh      c' = s(f) c + s(i) dropout(tanh(g))      h' = s(o) tanh(c')
/// State {h, c}.   Parameters and their init: GatedCell, four gates. With a projection (Sak et al. 2014) the output is
/// h' = W_hr s(o) tanh(c'), of proj_size.
class LSTMCell : public GatedCell {
 public:
  /// `recurrent_dropout`: the probability of a zero in tanh(g) while training, drawn anew at every step: what is
  /// remembered is never dropped (Semeniuta et al. 2016). `proj_size`: 0 for no projection.
  /// Throws: sizes below 1, a probability outside [0, 1], a projection that is not smaller than hidden_size.
  LSTMCell(int64_t input_size, int64_t hidden_size, Streams& streams, double recurrent_dropout = 0,
           Bias bias = Bias::yes, int64_t proj_size = 0);
  /// W_ih x + b_ih + b_hh: both biases at once, for all steps.
  Variable project(const Variable& x) override;
  RecurrentState step(const Variable& projected, const RecurrentState& state) override;

  Parameter weight_hr;  // [proj_size, hidden]; undefined without a projection

 protected:
  /// One record: autograd/lstm_sequence.h. With a projection, or sequences of several lengths, step by step.
  RecurrentResult all_steps(const Variable& projected, const RecurrentState& state, const Lengths& lengths,
                            From from) override;

 private:
  Tensor mask_like(const Tensor& c);

  double recurrent_dropout_;
  RandomStream& dropout_;
};

/// Layers of LSTMCell. See RecurrentLayer for the call: batch first!
class LSTM : public RecurrentLayer {
 public:
  LSTM(int64_t input_size, int64_t hidden_size, RecurrentOptions options, Streams& streams,
       double recurrent_dropout = 0, int64_t proj_size = 0);
};

}  // namespace weft::nn
