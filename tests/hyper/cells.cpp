// tests/hyper/cells.cpp: HyperLSTM and HyperRNN against equations written out in PyTorch, and their derivatives
#include "hyper/lstm.h"
#include "hyper/rnn.h"
#include "tests/hyper/names_of.h"
#include "tests/nn/torch_case.h"

using namespace weft;
using namespace weft::test;
using hyper::EmbeddingsFrom;
using hyper::HyperLSTMCell;
using hyper::HyperRNNCell;
using hyper::HyperRNNForm;
using nn::NormPlacement;

namespace {

/// The cell along x [n, time, features]: y, h at every step, and the last state by the names of its parts.
Named run(nn::RecurrentCell& cell, const Named& in) {
  nn::RecurrentState state;
  for (const nn::StatePart& part : cell.state_parts()) state.push_back(in.at(part.name));
  std::vector<Variable> outputs;
  for (int64_t t = 0; t < in.at("x").size(1); ++t) {
    state = cell(select(in.at("x"), 1, t), state);
    outputs.push_back(state[0]);
  }
  Named results{{"y", stack(outputs, 1)}};
  for (size_t i = 0; i < state.size(); ++i) results[cell.state_parts()[i].name] = state[i];
  return results;
}

void check(const std::string& name, nn::RecurrentCell&& cell, const std::string& family = "hyper") {
  TorchCase(family, name).check(cell, [&](const Named& in) { return run(cell, in); });
}

/// Every parameter away from where it starts, so that no derivative is 0 by its value.
void shake(nn::Module& module, RandomStream& stream) {
  module.to(DType::float64);
  for (const Variable& parameter : module.parameters()) {
    parameter.value().add_(random_normal(parameter.shape(), stream, 0, 0.4, {.dtype = DType::float64}));
  }
}

/// First or second derivatives of three steps by x, each part of the state and the parameters named.
template <class Check>
std::string derivatives(nn::RecurrentCell& cell, const std::vector<std::string>& names, Streams& streams,
                        const Check& check, int64_t time) {
  shake(cell, streams.sample);
  const nn::StateDict state = cell.state_dict();
  std::vector<Tensor> inputs{random_normal({2, time, 2}, streams.sample, 0, 1, {.dtype = DType::float64})};
  for (const nn::StatePart& part : cell.state_parts()) {
    inputs.push_back(random_normal({2, part.size}, streams.sample, 0, 0.5, {.dtype = DType::float64}));
  }
  const size_t given = inputs.size();
  for (const std::string& name : names) inputs.push_back(state.at(name));
  const auto f = [&](const std::vector<Variable>& in) {
    nn::Weights weights;
    for (size_t i = 0; i < names.size(); ++i) weights[names[i]] = in[given + i];
    return nn::functional_call(cell, weights, [&] {
      Named named{{"x", in[0]}};
      for (size_t i = 1; i < given; ++i) named[cell.state_parts()[i - 1].name] = in[i];
      Named outputs = run(cell, named);
      std::vector<Variable> parts;
      for (const auto& [part, value] : outputs) parts.push_back(flatten(value));
      return cat(parts);
    });
  };
  return check(f, inputs);
}

const auto kFirst = [](const auto& f, const auto& inputs) { return gradcheck(f, inputs); };
const auto kSecond = [](const auto& f, const auto& inputs) { return gradgradcheck(f, inputs); };

constexpr hyper::HyperLSTMOptions kSmallCell{.hyper_size = 4, .embedding_size = 2};

hyper::HyperLSTMOptions lstm(NormPlacement norm, EmbeddingsFrom from) {
  return {.hyper_size = 4, .embedding_size = 2, .embeddings_from = from, .norm = norm};
}

hyper::HyperRNNOptions rnn(HyperRNNForm form, EmbeddingsFrom from) {
  return {.form = form, .hyper_size = 4, .embedding_size = 2, .embeddings_from = from};
}

}  // namespace

TEST_CASE("HyperLSTM equals the equations: outputs, states, all gradients") {
  Streams s(1);
  const auto cell = [&](NormPlacement norm, EmbeddingsFrom from) { return HyperLSTMCell(2, 3, s, lstm(norm, from)); };
  check("lstm", cell(NormPlacement::none, EmbeddingsFrom::new_state));
  check("lstm_previous", cell(NormPlacement::none, EmbeddingsFrom::previous_state));
  check("lstm_norm", cell(NormPlacement::each_gate, EmbeddingsFrom::new_state));
  check("lstm_norm_previous", cell(NormPlacement::each_gate, EmbeddingsFrom::previous_state));
}

TEST_CASE("HyperRNN equals the equations in both forms: outputs, states, all gradients") {
  Streams s(1);
  const auto cell = [&](HyperRNNForm form, EmbeddingsFrom from) { return HyperRNNCell(2, 3, s.init, rnn(form, from)); };
  check("rnn", cell(HyperRNNForm::scaled, EmbeddingsFrom::new_state));
  check("rnn_previous", cell(HyperRNNForm::scaled, EmbeddingsFrom::previous_state));
  check("rnn_full", cell(HyperRNNForm::full, EmbeddingsFrom::new_state));
  check("rnn_full_previous", cell(HyperRNNForm::full, EmbeddingsFrom::previous_state));
  hyper::HyperRNNOptions relu = rnn(HyperRNNForm::scaled, EmbeddingsFrom::new_state);
  relu.nonlinearity = nn::RNNNonlinearity::relu;
  check("rnn_relu", HyperRNNCell(2, 3, s.init, relu));
}

TEST_CASE("hyper cells equal vectors of other authors: states, all gradients") {
  Streams s(1);
  hyper::HyperLSTMOptions lstm_options{.hyper_size = 2, .embedding_size = 2, .norm = NormPlacement::none};
  check("hyperlstm", HyperLSTMCell(2, 3, s, lstm_options), "cell_vectors");
  lstm_options.embeddings_from = EmbeddingsFrom::previous_state;
  check("hyperlstm_previous", HyperLSTMCell(2, 3, s, lstm_options), "cell_vectors");
  check("hyperlstm_layer_norm", HyperLSTMCell(2, 3, s, {.hyper_size = 2, .embedding_size = 2}), "cell_vectors");
  for (const auto& [name, form] :
       {std::pair{"hyperrnn_scaled", HyperRNNForm::scaled}, std::pair{"hyperrnn_full", HyperRNNForm::full}}) {
    check(name, HyperRNNCell(2, 3, s.init, {.form = form, .hyper_size = 2, .embedding_size = 2}), "cell_vectors");
  }
}

TEST_CASE("derivatives of three steps of hyper cells by every parameter") {
  Streams s(2);
  for (const EmbeddingsFrom from : {EmbeddingsFrom::new_state, EmbeddingsFrom::previous_state}) {
    for (const NormPlacement norm : {NormPlacement::none, NormPlacement::each_gate}) {
      HyperLSTMCell cell(2, 3, s, lstm(norm, from));
      CHECK(derivatives(cell, names_of(cell), s, kFirst, 3) == "");
    }
    for (const HyperRNNForm form : {HyperRNNForm::scaled, HyperRNNForm::full}) {
      for (const auto nonlinearity : {nn::RNNNonlinearity::tanh, nn::RNNNonlinearity::relu}) {
        hyper::HyperRNNOptions options = rnn(form, from);
        options.nonlinearity = nonlinearity;
        HyperRNNCell cell(2, 3, s.init, options);
        CHECK(derivatives(cell, names_of(cell), s, kFirst, 3) == "");
      }
    }
  }
}

TEST_CASE("second derivatives through hyper cells") {
  Streams s(3);
  HyperLSTMCell lstm_cell(2, 3, s, kSmallCell);
  CHECK(derivatives(lstm_cell, {"weight_hh", "scale_weight", "embeddings.bias"}, s, kSecond, 2) == "");
  for (const HyperRNNForm form : {HyperRNNForm::scaled, HyperRNNForm::full}) {
    HyperRNNCell cell(2, 3, s.init, rnn(form, EmbeddingsFrom::new_state));
    CHECK(derivatives(cell, {"weight_hh", "embeddings.weight"}, s, kSecond, 2) == "");
  }
}

TEST_CASE("an LSTM with the paper's init and no norm equals the LSTM of PyTorch with a forget bias") {
  Streams s(4);
  nn::LayerNormLSTMCell cell(2, 3, s, {.placement = NormPlacement::none});
  nn::LSTMCell plain(2, 3, s);
  nn::StateDict state = cell.state_dict();
  nn::init::normal_(state.at("bias"), s.init);
  cell.load_state_dict(state);
  plain.weight_ih.value().copy_(cell.weight_ih.value());
  plain.weight_hh.value().copy_(cell.weight_hh.value());
  plain.bias_ih.value().copy_(cell.bias.value());
  plain.bias_hh.value().zero_();
  plain.bias_hh.value().slice(0, 3, 6).fill_(1);
  const Variable x(random_normal({4, 2}, s.sample)), h(random_normal({4, 3}, s.sample));
  const nn::RecurrentState got = cell(x, {h, h}), wanted = plain(x, {h, h});
  for (size_t part = 0; part < 2; ++part) CHECK(largest_difference(got[part].value(), wanted[part].value()) < 1e-6);
}
