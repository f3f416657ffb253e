// nn/recurrent/lstm.cpp: long short-term memory
#include "nn/recurrent/lstm.h"

#include "autograd/elementwise.h"
#include "autograd/matmul.h"
#include "autograd/split.h"
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
  const std::vector<Variable> gates = chunk(projected + linear(state[0], weight_hh), 4, 1);
  const Variable i = sigmoid(gates[0]), f = sigmoid(gates[1]), o = sigmoid(gates[3]);
  const Variable g = dropout(tanh(gates[2]), recurrent_dropout_, dropout_, is_training());
  const Variable c = f * state[1] + i * g;
  return {o * tanh(c), c};
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
