// nn/recurrent/gru.cpp: the gated recurrent unit
#include "nn/recurrent/gru.h"

#include "autograd/elementwise.h"
#include "autograd/matmul.h"
#include "autograd/split.h"

namespace weft::nn {

GRUCell::GRUCell(int64_t input_size, int64_t hidden_size, RandomStream& init, Bias bias)
    : GatedCell("GRUCell", 3, input_size, {{"h", hidden_size}}, bias, init) {}

RecurrentState GRUCell::step(const Variable& projected, const RecurrentState& state) {
  const Variable& h = state[0];
  const std::vector<Variable> x = chunk(projected, 3, 1), y = chunk(linear(h, weight_hh, bias_hh), 3, 1);
  const Variable r = sigmoid(x[0] + y[0]), z = sigmoid(x[1] + y[1]), n = tanh(x[2] + r * y[2]);
  return {n + z * (h - n)};
}

GRU::GRU(int64_t input_size, int64_t hidden_size, RecurrentOptions options, Streams& streams)
    : RecurrentLayer(
          "GRU", input_size, options,
          [&](int64_t size) { return std::make_unique<GRUCell>(size, hidden_size, streams.init, options.bias); },
          streams) {}

}  // namespace weft::nn
