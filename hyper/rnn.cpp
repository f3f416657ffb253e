// hyper/rnn.cpp: HyperRNN
#include "hyper/rnn.h"

#include <cmath>

#include "hyper/init.h"
#include "tensor/create.h"

namespace weft::hyper {
namespace {

/// W(z) v for every sequence, as one product with the outer products of v and z.
/// weight [out, in, embedding], v [n, in], z [n, embedding] -> [n, out].
Variable generated_product(const Variable& weight, const Variable& v, const Variable& z) {
  return linear(flatten(unsqueeze(v, 2) * unsqueeze(z, 1), 1), flatten(weight, 1));
}

/// fill() for a matrix [rows, columns], or for each slice of [rows, columns, embedding].
template <class Fill>
void fill_slices(const Tensor& weight, const Fill& fill) {
  if (weight.rank() == 2) return fill(weight);
  const Tensor slice = empty({weight.size(0), weight.size(1)});
  for (int64_t k = 0; k < weight.size(2); ++k) {
    fill(slice);
    slice.mul_(1 / std::sqrt(static_cast<double>(weight.size(2))));
    weight.select(2, k).copy_(slice);
  }
}

}  // namespace

HyperRNNCell::HyperRNNCell(int64_t input_size, int64_t hidden_size, RandomStream& init, HyperRNNOptions options,
                           nn::Bias with_bias)
    : RecurrentCell("HyperRNNCell", input_size, {{"h", hidden_size}, {"hyper_h", options.hyper_size}}),
      hyper(input_size, options.hyper_size, init, options.nonlinearity, nn::Bias::no),
      embeddings(options.hyper_size, options.embedding_size, 1, init),
      options_(options) {
  add_weights(init, with_bias);
  init::xavier_uniform_of_both_(hyper.weight_ih.value(), hyper_weight_h.value(), init);
  nn::init::orthogonal_(hyper.weight_hh.value(), init);
  register_child("hyper", hyper);
  register_child("embeddings", embeddings);
}

void HyperRNNCell::add_weights(RandomStream& init, nn::Bias with_bias) {
  const int64_t hidden = hidden_size(), z = options_.embedding_size;
  const bool full = options_.form == HyperRNNForm::full;
  const auto add = [&](const char* name, nn::Parameter& parameter, const Shape& shape) {
    parameter = nn::Parameter(zeros(shape));
    register_parameter(name, parameter);
    return parameter.value();
  };
  fill_slices(add("weight_ih", weight_ih, full ? Shape{hidden, input_size(), z} : Shape{hidden, input_size()}),
              [&](const Tensor& w) { nn::init::xavier_uniform_(w, init); });
  fill_slices(add("weight_hh", weight_hh, full ? Shape{hidden, hidden, z} : Shape{hidden, hidden}),
              [&](const Tensor& w) { nn::init::orthogonal_(w, init); });
  if (full) {
    add("bias_weight", bias_weight, {hidden, z});
  } else {
    init::scale_weight_(add("scale_weight", scale_weight, {3, 1, hidden, z}));
  }
  add("hyper_weight_h", hyper_weight_h, {options_.hyper_size, hidden});
  if (with_bias == nn::Bias::no) return;
  add("bias", bias, {hidden});
  add("hyper_bias", hyper_bias, {options_.hyper_size});
}

Variable HyperRNNCell::project(const Variable& x) {
  return cat({options_.form == HyperRNNForm::full ? x : linear(x, weight_ih), linear(x, hyper.weight_ih, hyper_bias)},
             -1);
}

nn::RecurrentState HyperRNNCell::step(const Variable& projected, const nn::RecurrentState& state) {
  const int64_t of_main = projected.size(1) - options_.hyper_size;
  const Variable of_x = slice(projected, 1, 0, of_main);
  const Variable hyper_sums = slice(projected, 1, of_main) + linear(state[0], hyper_weight_h);
  const Variable hyper_h = hyper.step(hyper_sums, {state[1]})[0];
  const Variable z = embeddings(options_.embeddings_from == EmbeddingsFrom::new_state ? hyper_h : state[1]);
  Variable sum;
  if (options_.form == HyperRNNForm::full) {
    const std::vector<Variable> role = unbind(squeeze(z, 2), 1);
    sum = generated_product(weight_hh, state[0], role[0]) + generated_product(weight_ih, of_x, role[1]) +
          linear(role[2], bias_weight);
    if (bias.defined()) sum = sum + bias;
  } else {
    sum = scaled_gates(linear(state[0], weight_hh), of_x, z, scale_weight, bias);
  }
  return {options_.nonlinearity == nn::RNNNonlinearity::tanh ? tanh(sum) : relu(sum), hyper_h};
}

HyperRNN::HyperRNN(int64_t input_size, int64_t hidden_size, nn::RecurrentOptions options, Streams& streams,
                   HyperRNNOptions hyper)
    : RecurrentLayer(
          "HyperRNN", input_size, options,
          [&](int64_t size) {
            return std::make_unique<HyperRNNCell>(size, hidden_size, streams.init, hyper, options.bias);
          },
          streams) {}

}  // namespace weft::hyper
