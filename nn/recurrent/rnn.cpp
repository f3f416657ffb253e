// nn/recurrent/rnn.cpp: the plain recurrent network
#include "nn/recurrent/rnn.h"

#include "autograd/elementwise.h"
#include "autograd/matmul.h"

namespace weft::nn {

RNNCell::RNNCell(int64_t input_size, int64_t hidden_size, RandomStream& init, RNNNonlinearity nonlinearity, Bias bias)
    : GatedCell("RNNCell", 1, input_size, {{"h", hidden_size}}, bias, init), nonlinearity_(nonlinearity) {}

RecurrentState RNNCell::step(const Variable& projected, const RecurrentState& state) {
  const Variable sum = projected + linear(state[0], weight_hh, bias_hh);
  return {nonlinearity_ == RNNNonlinearity::tanh ? tanh(sum) : relu(sum)};
}

RNN::RNN(int64_t input_size, int64_t hidden_size, RecurrentOptions options, Streams& streams,
         RNNNonlinearity nonlinearity)
    : RecurrentLayer(
          "RNN", input_size, options,
          [&](int64_t size) {
            return std::make_unique<RNNCell>(size, hidden_size, streams.init, nonlinearity, options.bias);
          },
          streams) {}

}  // namespace weft::nn
