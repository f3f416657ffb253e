// nn/recurrent/layer_norm_lstm.cpp: LSTM with layer normalization
#include "nn/recurrent/layer_norm_lstm.h"

#include "autograd/elementwise.h"
#include "autograd/lstm.h"
#include "autograd/matmul.h"
#include "autograd/normalization.h"
#include "autograd/view.h"
#include "nn/dropout.h"
#include "nn/init.h"
#include "tensor/create.h"

namespace weft::nn {
namespace {

std::vector<StatePart> parts_of(int64_t hidden_size, std::vector<StatePart> more) {
  more.insert(more.begin(), {{"h", hidden_size}, {"c", hidden_size}});
  return more;
}

}  // namespace

LayerNormLSTMCell::LayerNormLSTMCell(int64_t input_size, int64_t hidden_size, Streams& streams,
                                     LayerNormLSTMOptions options, Bias with_bias)
    : LayerNormLSTMCell("LayerNormLSTMCell", input_size, hidden_size, {}, streams, options, with_bias) {}

LayerNormLSTMCell::LayerNormLSTMCell(std::string_view kind, int64_t input_size, int64_t hidden_size,
                                     std::vector<StatePart> more_state, Streams& streams, LayerNormLSTMOptions options,
                                     Bias with_bias)
    : RecurrentCell(kind, input_size, parts_of(hidden_size, std::move(more_state))),
      options_(options),
      dropout_(streams.dropout) {
  check_probability(options.recurrent_dropout);
  weight_ih = Parameter(empty({4 * hidden_size, input_size}));
  weight_hh = Parameter(empty({4 * hidden_size, hidden_size}));
  init::xavier_uniform_(weight_ih.value(), streams.init);
  init::orthogonal_each_gate_(weight_hh.value(), 4, streams.init);
  register_parameter("weight_ih", weight_ih);
  register_parameter("weight_hh", weight_hh);
  if (with_bias == Bias::yes) {
    bias = Parameter(zeros({4 * hidden_size}));
    register_parameter("bias", bias);
  }
  if (options.placement == NormPlacement::each_gate) {
    add_norm("norm_gates", norm_gates_weight, norm_gates_bias, {4, hidden_size});
  } else if (options.placement == NormPlacement::each_product) {
    add_norm("norm_ih", norm_ih_weight, norm_ih_bias, {4 * hidden_size});
    add_norm("norm_hh", norm_hh_weight, norm_hh_bias, {4 * hidden_size});
  }
  if (options.placement != NormPlacement::none) add_norm("norm_c", norm_c_weight, norm_c_bias, {hidden_size});
}

void LayerNormLSTMCell::add_norm(const std::string& name, Parameter& norm_weight, Parameter& norm_bias,
                                 const Shape& shape) {
  norm_weight = Parameter(ones(shape));
  norm_bias = Parameter(zeros(shape));
  register_parameter(name + "_weight", norm_weight);
  register_parameter(name + "_bias", norm_bias);
}

Variable LayerNormLSTMCell::project(const Variable& x) {
  if (options_.placement != NormPlacement::each_product) return linear(x, weight_ih, bias);
  const Variable y =
      layer_norm(linear(x, weight_ih), norm_ih_weight.shape(), norm_ih_weight, norm_ih_bias, options_.eps);
  return bias.defined() ? y + bias : y;
}

RecurrentState LayerNormLSTMCell::step(const Variable& projected, const RecurrentState& state) {
  Variable y = linear(state[0], weight_hh);
  if (options_.placement == NormPlacement::each_product) {
    y = layer_norm(y, norm_hh_weight.shape(), norm_hh_weight, norm_hh_bias, options_.eps);
  }
  return update(projected + y, state[1]);
}

RecurrentState LayerNormLSTMCell::update(const Variable& sums, const Variable& c_before) {
  Variable y = sums;
  if (options_.placement == NormPlacement::each_gate) {
    y = reshape(y, {y.size(0), 4, hidden_size()});
    y = flatten(layer_norm(y, {hidden_size()}, norm_gates_weight, norm_gates_bias, options_.eps), 1);
  }
  const Tensor mask =
      dropout_mask(c_before.shape(), c_before.value(), options_.recurrent_dropout, dropout_, is_training());
  const Variable c = lstm_cell_state(y, c_before, options_.forget_bias, mask);
  if (options_.placement == NormPlacement::none) return {lstm_hidden_state(y, c), c};
  return {lstm_hidden_state(y, layer_norm(c, {hidden_size()}, norm_c_weight, norm_c_bias, options_.eps)), c};
}

LayerNormLSTM::LayerNormLSTM(int64_t input_size, int64_t hidden_size, RecurrentOptions options, Streams& streams,
                             LayerNormLSTMOptions norm)
    : RecurrentLayer(
          "LayerNormLSTM", input_size, options,
          [&](int64_t size) {
            return std::make_unique<LayerNormLSTMCell>(size, hidden_size, streams, norm, options.bias);
          },
          streams) {}

}  // namespace weft::nn
