// nn/recurrent/lstm.cpp: long short-term memory
#include "nn/recurrent/lstm.h"

#include "autograd/elementwise.h"
#include "autograd/lstm.h"
#include "autograd/matmul.h"
#include "nn/dropout.h"

namespace weft::nn {

LSTMCell::LSTMCell(int64_t input_size, int64_t hidden_size, Streams& streams, double recurrent_dropout, Bias bias)
    : GatedCell("LSTMCell", 4, input_size, {{"h", hidden_size}, {"c", hidden_size}}, bias, streams.init),
      recurrent_dropout_(recurrent_dropout),
      dropout_(streams.dropout) {
  check_probability(recurrent_dropout);
}

Variable LSTMCell::project(const Variable& x) {
  return linear(x, weight_ih, bias_ih.defined() ? bias_ih + bias_hh : Variable());
}

RecurrentState LSTMCell::step(const Variable& projected, const RecurrentState& state) {
  const Variable gates = projected + linear(state[0], weight_hh);
  const Tensor mask = dropout_mask(state[1].shape(), state[1].value(), recurrent_dropout_, dropout_, is_training());
  const Variable c = lstm_cell_state(gates, state[1], 0, mask);
  return {lstm_hidden_state(gates, c), c};
}

LSTM::LSTM(int64_t input_size, int64_t hidden_size, RecurrentOptions options, Streams& streams,
           double recurrent_dropout)
    : RecurrentLayer(
          "LSTM", input_size, options,
          [&](int64_t size) {
            return std::make_unique<LSTMCell>(size, hidden_size, streams, recurrent_dropout, options.bias);
          },
          streams) {}

}  // namespace weft::nn
