// nn/recurrent/lstm.cpp: long short-term memory
#include "nn/recurrent/lstm.h"

#include "autograd/elementwise.h"
#include "autograd/lstm.h"
#include "autograd/lstm_sequence.h"
#include "autograd/matmul.h"
#include "nn/dropout.h"
#include "tensor/join.h"

namespace weft::nn {

namespace {

/// The size of h.
int64_t checked_output_size(int64_t hidden_size, int64_t proj_size) {
  if (proj_size < 0 || (proj_size > 0 && proj_size >= hidden_size)) {
    fail("LSTMCell", "proj_size is {}, hidden_size {}; hint: 0 for none, else 1..hidden_size - 1", proj_size,
         hidden_size);
  }
  return proj_size > 0 ? proj_size : hidden_size;
}

}  // namespace

LSTMCell::LSTMCell(int64_t input_size, int64_t hidden_size, Streams& streams, double recurrent_dropout, Bias bias,
                   int64_t proj_size)
    : GatedCell("LSTMCell", 4, input_size, {{"h", checked_output_size(hidden_size, proj_size)}, {"c", hidden_size}},
                bias, streams.init),
      recurrent_dropout_(recurrent_dropout),
      dropout_(streams.dropout) {
  check_probability(recurrent_dropout);
  if (proj_size > 0) add(weight_hr, "weight_hr", {proj_size, hidden_size}, streams.init);
}

Variable LSTMCell::project(const Variable& x) {
  return linear(x, weight_ih, bias_ih.defined() ? bias_ih + bias_hh : Variable());
}

RecurrentState LSTMCell::step(const Variable& projected, const RecurrentState& state) {
  const Variable gates = projected + linear(state[0], weight_hh);
  const Variable c = lstm_cell_state(gates, state[1], 0, mask_like(state[1].value()));
  const Variable h = lstm_hidden_state(gates, c);
  return {weight_hr.defined() ? linear(h, weight_hr) : h, c};
}

RecurrentResult LSTMCell::all_steps(const Variable& projected, const RecurrentState& state, const Lengths& lengths,
                                    From from) {
  if (weight_hr.defined() || !lengths.all_full()) return RecurrentCell::all_steps(projected, state, lengths, from);
  LstmSequenceOptions options{.from = from};
  if (recurrent_dropout_ > 0 && is_training()) {  // drawn in the order of the steps: what step() would draw
    const int64_t time = projected.size(0);
    std::vector<Tensor> masks(static_cast<size_t>(time));
    for (int64_t i = 0; i < time; ++i) {
      masks[static_cast<size_t>(SequenceStep::taken(from, i, time).t)] = mask_like(state[1].value());
    }
    options.mask = stack(masks, 0);
  }
  const LstmOutputs outputs = lstm_sequence(projected, weight_hh, state[0], state[1], options);
  return {outputs.h, {outputs.last_h, outputs.last_c}};
}

Tensor LSTMCell::mask_like(const Tensor& c) {
  return dropout_mask(c.shape(), c, recurrent_dropout_, dropout_, is_training());
}

LSTM::LSTM(int64_t input_size, int64_t hidden_size, RecurrentOptions options, Streams& streams,
           double recurrent_dropout, int64_t proj_size)
    : RecurrentLayer(
          "LSTM", input_size, options,
          [&](int64_t size) {
            return std::make_unique<LSTMCell>(size, hidden_size, streams, recurrent_dropout, options.bias, proj_size);
          },
          streams) {}

}  // namespace weft::nn
