// hyper/lstm.cpp: HyperLSTM
#include "hyper/lstm.h"

#include "hyper/init.h"
#include "tensor/create.h"

namespace weft::hyper {
namespace {

nn::LayerNormLSTMOptions cell_options(const HyperLSTMOptions& options, double dropout) {
  if (options.norm == nn::NormPlacement::each_product) {
    fail("HyperLSTMCell", "norm is each_product; hint: each_gate or none, the scales stand between product and norm");
  }
  return {options.norm, options.eps, options.forget_bias, dropout};
}

}  // namespace

HyperLSTMCell::HyperLSTMCell(int64_t input_size, int64_t hidden_size, Streams& streams, HyperLSTMOptions options,
                             nn::Bias with_bias)
    : LayerNormLSTMCell("HyperLSTMCell", input_size, hidden_size,
                        {{"hyper_h", options.hyper_size}, {"hyper_c", options.hyper_size}}, streams,
                        cell_options(options, options.recurrent_dropout), with_bias),
      hyper(input_size, options.hyper_size, streams, cell_options(options, options.hyper_recurrent_dropout), with_bias),
      embeddings(options.hyper_size, options.embedding_size, 4, streams.init),
      embeddings_from_(options.embeddings_from) {
  if (options.input_init == HyperLSTMOptions::InputInit::orthogonal) {
    nn::init::orthogonal_each_gate_(weight_ih.value(), 4, streams.init);
  }
  hyper_weight_h = nn::Parameter(empty({4 * options.hyper_size, hidden_size}));
  init::xavier_uniform_of_both_(hyper.weight_ih.value(), hyper_weight_h.value(), streams.init);
  scale_weight = nn::Parameter(empty({3, 4, hidden_size, options.embedding_size}));
  init::scale_weight_(scale_weight.value());
  register_parameter("hyper_weight_h", hyper_weight_h);
  register_parameter("scale_weight", scale_weight);
  register_child("hyper", hyper);
  register_child("embeddings", embeddings);
}

Variable HyperLSTMCell::project(const Variable& x) { return cat({linear(x, weight_ih), hyper.project(x)}, -1); }

nn::RecurrentState HyperLSTMCell::step(const Variable& projected, const nn::RecurrentState& state) {
  const int64_t main_rows = 4 * hidden_size();
  const Variable of_x = slice(projected, 1, 0, main_rows);
  const Variable hyper_sums = slice(projected, 1, main_rows) + linear(state[0], hyper_weight_h);
  const nn::RecurrentState hyper_next = hyper.step(hyper_sums, {state[2], state[3]});
  const Variable z = embeddings(embeddings_from_ == EmbeddingsFrom::new_state ? hyper_next[0] : state[2]);
  const Variable sums = scaled_gates(linear(state[0], weight_hh), of_x, z, scale_weight, bias);
  const nn::RecurrentState next = update(sums, state[1]);
  return {next[0], next[1], hyper_next[0], hyper_next[1]};
}

HyperLSTM::HyperLSTM(int64_t input_size, int64_t hidden_size, nn::RecurrentOptions options, Streams& streams,
                     HyperLSTMOptions hyper)
    : RecurrentLayer(
          "HyperLSTM", input_size, options,
          [&](int64_t size) {
            return std::make_unique<HyperLSTMCell>(size, hidden_size, streams, hyper, options.bias);
          },
          streams) {}

}  // namespace weft::hyper
