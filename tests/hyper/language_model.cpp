// tests/hyper/language_model.cpp: the model of text: counts, carried state, weight change, sampling
#include "hyper/models/language_model.h"

#include <doctest/doctest.h>

#include "tensor/allclose.h"
#include "tensor/create.h"
#include "tensor/random_discrete.h"

using namespace weft;
using hyper::LanguageModel, hyper::PaperCell;

namespace {

LanguageModel small_language_model(PaperCell cell, Streams& streams) {
  return {{.vocabulary_size = 7, .cell = cell, .hidden_size = 6, .num_layers = 2, .hyper_size = 4, .embedding_size = 3},
          streams};
}

Tensor tokens(int64_t n, int64_t time) {
  Streams streams(5);
  return random_integers({n, time}, streams.sample, 0, 7);
}

}  // namespace

TEST_CASE("LanguageModel: the paper's numbers of parameters, of models that are built") {
  struct Case {
    PaperCell cell;
    int64_t hidden, parameters;
  };
  // Character Penn Treebank, 50 characters, one layer; hyper cells of 128 units with embeddings of 4.
  // Orthogonal matrices of 1000 rows take a second each: the other cells' counts are arithmetic in recurrent.cpp.
  for (const Case& c : {Case{PaperCell::layer_norm_hyper_lstm, 1000, 4923154}}) {
    Streams streams(1);
    const LanguageModel model({.vocabulary_size = 50, .cell = c.cell, .hidden_size = c.hidden}, streams);
    CHECK(model.num_parameters() == c.parameters);
  }
}

TEST_CASE("LanguageModel: two windows with the state carried are one") {
  for (const PaperCell cell :
       {PaperCell::lstm, PaperCell::layer_norm_lstm, PaperCell::hyper_lstm, PaperCell::layer_norm_hyper_lstm}) {
    Streams streams(1);
    LanguageModel model = small_language_model(cell, streams);
    const Tensor x = tokens(3, 8);
    const LanguageModel::Result whole = model(x), left = model(x.slice(1, 0, 5), model.initial_state(3)),
                                right = model(x.slice(1, 5, 8), left.state);
    CHECK(allclose(right.logits.value(), whole.logits.value().slice(1, 5, 8)));
    REQUIRE(right.state.size() == model.state_names().size());
    for (size_t part = 0; part < right.state.size(); ++part) {
      CHECK(allclose(right.state[part].value(), whole.state[part].value()));
    }
  }
}

TEST_CASE("LanguageModel: the forget bias is that of every cell, a hyper cell's too") {
  for (const PaperCell cell :
       {PaperCell::lstm, PaperCell::layer_norm_lstm, PaperCell::hyper_lstm, PaperCell::layer_norm_hyper_lstm}) {
    // c of the main cell, or of the hyper cell, after a token, when it was `before`.
    const auto memory = [&](size_t part, double before, double forget_bias) {
      Streams streams(1);
      LanguageModel model({.vocabulary_size = 7,
                           .cell = cell,
                           .hidden_size = 6,
                           .hyper_size = 4,
                           .embedding_size = 3,
                           .forget_bias = forget_bias},
                          streams);
      nn::RecurrentState state = model.initial_state(2);
      state[part] = state[part] + before;
      return model(tokens(2, 1), state).state[part].value();
    };
    const bool is_hyper = cell == PaperCell::hyper_lstm || cell == PaperCell::layer_norm_hyper_lstm;
    for (const size_t part : is_hyper ? std::vector<size_t>{1, 3} : std::vector<size_t>{1}) {
      CAPTURE(part);
      CHECK(allclose(memory(part, 3, -1000), memory(part, 0, -1000)));    // all is forgotten
      CHECK(allclose(memory(part, 3, 1000), memory(part, 0, 1000) + 3));  // nothing is
      CHECK_FALSE(allclose(memory(part, 3, 1), memory(part, 3, 0)));
    }
  }
}

TEST_CASE("weight_changes: they are the norms of the difference of the scaled matrices") {
  Streams streams(1);
  LanguageModel model = small_language_model(PaperCell::layer_norm_hyper_lstm, streams);
  for (const Variable& parameter : model.parameters()) {  // the scales start as constants, which never change
    parameter.value().add_(random_normal(parameter.shape(), streams.sample, 0, 0.3));
  }
  const nn::RecurrentState before = model(tokens(1, 3)).state, after = model(tokens(1, 5)).state;
  const Tensor changes = hyper::weight_changes(model.layers(), {before, before, after});
  CHECK(changes.shape() == Shape{2, 4});
  CHECK(allclose(changes.select(0, 0), zeros({4}, {.dtype = DType::float64})));
  const nn::StateDict state = model.state_dict();
  const auto scaled = [&](const nn::RecurrentState& s, int64_t role, const std::string& weight) {  // [4, 6, in]
    const Variable z = linear(select(s[2], 0, 0), Variable(state.at("layers.embeddings_l0.weight").reshape({36, 4})),
                              Variable(cat({state.at("layers.embeddings_l0.bias").reshape({24}), zeros({12})}, 0)));
    const Tensor d = matmul(state.at("layers.scale_weight_l0").select(0, role),
                            z.value().reshape({3, 4, 3}).select(0, role).unsqueeze(2));
    return d * state.at(weight).reshape({4, 6, -1});
  };
  Tensor squares = zeros({4});
  for (const auto& [role, weight] : {std::pair{0, "layers.weight_hh_l0"}, {1, "layers.weight_ih_l0"}}) {
    const Tensor difference = scaled(after, role, weight) - scaled(before, role, weight);
    squares = squares + sum(difference * difference, {1, 2});
  }
  CHECK(allclose(changes.select(0, 1).to(DType::float32), sqrt(squares), 1e-4));

  LanguageModel plain = small_language_model(PaperCell::lstm, streams);
  CHECK_THROWS_WITH_AS(hyper::weight_changes(plain.layers(), {}), doctest::Contains("generates no weights"), Error);
}

TEST_CASE(
    "sample_text: the same stream draws the same text, a low temperature the likeliest, and mistakes are refused") {
  Streams streams(1);
  LanguageModel model = small_language_model(PaperCell::hyper_lstm, streams);
  const Tensor prompt = tokens(1, 4).reshape({4});
  const auto draw = [&](double temperature, uint64_t seed) {
    RandomStream stream(seed, 0);
    return hyper::sample_text(model, prompt, 12, temperature, stream).to_vector<int64_t>();
  };
  CHECK(draw(1, 3) == draw(1, 3));
  CHECK(draw(1, 3) != draw(1, 4));
  CHECK(draw(1e-6, 3) == draw(1e-6, 4));
  const Tensor logits = model(prompt.reshape({1, 4})).logits.value().select(1, 3);
  CHECK(draw(1e-6, 3)[0] == argmax(logits, 1).to_vector<int64_t>()[0]);
  std::vector<nn::RecurrentState> states;
  RandomStream stream(3, 0);
  hyper::sample_text(model, prompt, 12, 1, stream, &states);
  CHECK(states.size() == 4 + 12);
  CHECK_THROWS_WITH_AS(hyper::sample_text(model, prompt, 1, 0, stream), doctest::Contains("temperature 0"), Error);
  CHECK_THROWS_WITH_AS(hyper::sample_text(model, prompt.slice(0, 0, 0), 1, 1, stream),
                       doctest::Contains("at least one"), Error);
}

TEST_CASE("LanguageModel: learns a text that repeats itself") {
  for (const PaperCell cell : {PaperCell::lstm, PaperCell::layer_norm_hyper_lstm}) {
    Streams streams(1);
    LanguageModel model = small_language_model(cell, streams);
    nn::optim::Adam adam(model.parameters(), {.lr = 0.03});
    const Tensor text = remainder(arange(0, 21, 1, {.dtype = DType::int64}), 7);
    double loss = 0;
    for (int step = 0; step < 60; ++step) {
      Tape tape;
      const Variable value = LanguageModel::loss(model(text.slice(0, 0, 20).reshape({1, 20})).logits,
                                                 text.slice(0, 1, 21).reshape({1, 20}));
      tape.backward(value);
      adam.step();
      adam.zero_grad();
      loss = value.item();
    }
    CHECK(loss < 0.3);
  }
}
