// tests/hyper/recurrent.cpp: HyperLSTM and HyperRNN as layers: sizes, first values, states, dropout, errors
#include <doctest/doctest.h>

#include "hyper/lstm.h"
#include "hyper/rnn.h"
#include "tests/fixtures/nn_fixture.h"

using namespace weft;
using namespace weft::test;
using hyper::HyperLSTM;
using hyper::HyperLSTMCell;
using hyper::HyperLSTMOptions;
using hyper::HyperRNNCell;
using hyper::HyperRNNForm;
using nn::NormPlacement;

namespace {

constexpr HyperLSTMOptions kSmall{.hyper_size = 4, .embedding_size = 2};

/// Parameters of one HyperLSTM cell, as the paper counts them.
int64_t formula(int64_t x, int64_t h, int64_t r, int64_t z, bool norm) {
  return 4 * h * (x + h + 1) + 4 * r * (x + h + r + 1) + 12 * r * z + 8 * z + 12 * z * h + (norm ? 10 * (h + r) : 0);
}

/// The mean loss of the last steps of learning to sum what it has seen, x [n, time, 1] -> [n, time, 1].
double train(nn::RecurrentLayer& layer, Streams& streams) {
  nn::Linear head(8, 1, streams.init);
  std::vector<Variable> parameters = layer.parameters();
  for (const Variable& parameter : head.parameters()) parameters.push_back(parameter);
  nn::optim::Adam adam(parameters, {.lr = 0.01});
  double last = 0;
  for (int step = 0; step < 150; ++step) {
    const Tensor x = random_uniform({16, 6, 1}, streams.sample, -0.5, 0.5);
    Tape tape;
    const nn::RecurrentResult first = layer(slice(Variable(x), 1, 0, 3));
    const nn::RecurrentResult second = layer(slice(Variable(x), 1, 3), first.state);
    const Variable loss = nn::mse_loss(head(cat({first.output, second.output}, 1)), cumsum(x, 1));
    tape.backward(loss);
    adam.step();
    adam.zero_grad();
    if (step >= 140) last += loss.item() / 10;
  }
  return last;
}

}  // namespace

TEST_CASE("the paper's parameter counts, cell by cell") {
  Streams s(1);
  for (const NormPlacement norm : {NormPlacement::none, NormPlacement::each_gate}) {
    const bool normed = norm == NormPlacement::each_gate;
    const HyperLSTMCell cell(5, 6, s, {.hyper_size = 3, .embedding_size = 2, .norm = norm});
    CHECK(cell.num_parameters() == formula(5, 6, 3, 2, normed));
    const nn::LayerNormLSTMCell plain(5, 6, s, {.placement = norm});
    CHECK(plain.num_parameters() == 4 * 6 * (5 + 6 + 1) + (normed ? 60 : 0));
  }
  // The formula is the cell's; the whole models of the paper follow from it.
  const auto lstm = [](int64_t x, int64_t h) { return 4 * h * (x + h + 1); };
  const auto softmax = [](int64_t h, int64_t v) { return (h + 1) * v; };
  CHECK(lstm(50, 1000) + softmax(1000, 50) == 4254050);
  CHECK(lstm(50, 1250) + softmax(1250, 50) == 6567550);
  CHECK(lstm(50, 1000) + lstm(1000, 1000) + softmax(1000, 50) == 12258050);
  CHECK(lstm(50, 1000) + 10 * 1000 + softmax(1000, 50) == 4264050);
  CHECK(formula(50, 1000, 128, 4, false) + softmax(1000, 50) == 4911874);
  CHECK(formula(50, 1000, 128, 4, true) + softmax(1000, 50) == 4923154);
  CHECK(formula(50, 1000, 128, 16, true) + formula(1000, 1000, 128, 16, true) + softmax(1000, 50) == 14407714);
  CHECK(lstm(205, 1800) + softmax(1800, 205) == 14812405);
  CHECK(lstm(205, 2000) + softmax(2000, 205) == 18058205);
  CHECK(formula(205, 1800, 256, 64, false) + softmax(1800, 205) == 18708213);
  CHECK(formula(205, 2048, 512, 64, true) + softmax(2048, 205) == 26541773);
  CHECK(lstm(3, 900) + softmax(900, 121) == 3363421);
  CHECK(lstm(3, 1000) + softmax(1000, 121) == 4137121);
  CHECK(lstm(3, 400) + 2 * lstm(400, 400) + softmax(400, 121) == 3258121);
  CHECK(lstm(3, 650) + lstm(650, 650) + softmax(650, 121) == 5161771);
  CHECK(formula(3, 900, 128, 4, true) + softmax(900, 121) == 3951461);
  CHECK(formula(3, 900, 128, 4, false) + softmax(900, 121) == 3941181);
}

TEST_CASE("HyperRNN's full form holds its weights N_z times, its scaled form once") {
  constexpr int64_t kSize = 128, kEmbedding = 16;
  Streams s(1);
  const auto bytes = [&](const auto& make) {
    const int64_t before = memory_stats(cpu).in_use;
    const auto cell = make();
    return static_cast<double>(memory_stats(cpu).in_use - before);
  };
  const auto hyper_cell = [&](hyper::HyperRNNForm form) {
    return bytes([&] {
      return hyper::HyperRNNCell(kSize, kSize, s.init, {.form = form, .hyper_size = 8, .embedding_size = kEmbedding});
    });
  };
  const double plain = bytes([&] { return nn::RNNCell(kSize, kSize, s.init); });
  CHECK(hyper_cell(hyper::HyperRNNForm::full) / plain == doctest::Approx(kEmbedding).epsilon(0.1));
  CHECK(hyper_cell(hyper::HyperRNNForm::scaled) / plain < 1.5);
}

TEST_CASE("first values follow the authors' code") {
  Streams s(2);
  HyperLSTMCell cell(5, 6, s);
  const Tensor scale = cell.scale_weight.value();
  CHECK(largest_difference(scale.slice(0, 0, 2), full({2, 4, 6, 16}, 0.1 / 16)) < 1e-9);
  CHECK(max(abs(scale.select(0, 2))).item() == 0);
  const Tensor z = cell.embeddings.weight.value();
  CHECK(max(abs(z.slice(0, 0, 2))).item() == 0);
  CHECK(std::sqrt(mean(square(z.select(0, 2))).item()) == doctest::Approx(0.01).epsilon(0.05));
  CHECK(largest_difference(cell.embeddings.bias.value(), ones({2, 4, 16})) == 0);
  const Variable d = scales(cell.embeddings(random_normal({3, 128}, s.sample)), cell.scale_weight);
  CHECK(largest_difference(d.value().slice(1, 0, 2), full({3, 2, 4, 6}, 0.1)) < 1e-6);
  CHECK(max(abs(d.value().select(1, 2))).item() == 0);
  CHECK(max(abs(cell.bias.value())).item() == 0);
  CHECK(max(abs(cell.weight_ih.value())).item() <= std::sqrt(6.0 / (24 + 5)));
  const double bound = std::sqrt(6.0 / (4 * 128 + 5 + 6));  // of the hyper cell's two input weights, as one
  CHECK(max(abs(cell.hyper_weight_h.value())).item() <= bound);
  CHECK(max(abs(cell.hyper.weight_ih.value())).item() <= bound);
}

TEST_CASE("the paper's input weights are orthogonal gate by gate") {
  Streams s(2);
  const HyperLSTMCell cell(5, 6, s, {.input_init = HyperLSTMOptions::InputInit::orthogonal});
  for (int64_t gate = 0; gate < 4; ++gate) {
    const Tensor w = cell.weight_ih.value().slice(0, 6 * gate, 6 * gate + 6);
    CHECK(largest_difference(matmul(w.transpose(), w), eye(5)) < 1e-5);
  }
}

TEST_CASE("HyperLSTM stands in for LSTM: the same driver trains either") {
  Streams a(3), b(3);
  nn::LSTM plain(1, 8, {.num_layers = 2}, a);
  HyperLSTM made(1, 8, {.num_layers = 2}, b, kSmall);
  CHECK(train(plain, a) < 0.1);
  CHECK(train(made, b) < 0.1);
}

TEST_CASE("state names, parts and shapes of a layer") {
  Streams s(4);
  HyperLSTM layer(3, 5, {.num_layers = 2, .bidirectional = nn::Bidirectional::yes}, s, kSmall);
  const nn::StateDict names = layer.state_dict();
  CHECK(names.at("weight_ih_l1_reverse").shape() == Shape{20, 10});
  CHECK(names.at("hyper_l0.weight_ih").shape() == Shape{16, 3});
  CHECK(names.at("hyper_weight_h_l0").shape() == Shape{16, 5});
  CHECK(names.at("embeddings_l1.weight").shape() == Shape{3, 4, 2, 4});
  const Variable x(random_normal({2, 6, 3}, s.sample));
  const nn::RecurrentResult whole = layer(x, {}, tensor<int64_t>({6, 4}));
  CHECK(whole.output.shape() == Shape{2, 6, 10});
  REQUIRE(whole.state.size() == 4);
  CHECK(whole.state[0].shape() == Shape{4, 2, 5});
  CHECK(whole.state[3].shape() == Shape{4, 2, 4});
}

TEST_CASE("a sequence of hyper cells is its steps, and goes on from its state") {
  Streams s(5);
  HyperLSTM lstm(3, 5, {}, s, kSmall);
  hyper::HyperRNN rnn(3, 5, {}, s, {.hyper_size = 4, .embedding_size = 2});
  hyper::HyperRNN made(3, 5, {}, s, {.form = HyperRNNForm::full, .hyper_size = 4, .embedding_size = 2});
  for (nn::RecurrentLayer* layer : std::initializer_list<nn::RecurrentLayer*>{&lstm, &rnn, &made}) {
    const Variable x(random_normal({2, 4, 3}, s.sample));
    const nn::RecurrentResult whole = (*layer)(x), half = (*layer)(slice(x, 1, 0, 2));
    const nn::RecurrentResult rest = (*layer)(slice(x, 1, 2), half.state);
    CHECK(largest_difference(rest.output.value(), whole.output.value().slice(1, 2)) < 1e-6);
    nn::RecurrentState state;
    for (int64_t t = 0; t < 4; ++t) state = layer->cell(0)(select(x, 1, t), state);
    for (size_t i = 0; i < state.size(); ++i) {
      CHECK(largest_difference(state[i].value(), whole.state[i].value().select(0, 0)) < 1e-6);
    }
  }
}

TEST_CASE("recurrent dropout falls on the new content of the cell it is for, while training") {
  Streams s(6);
  const Variable x(random_normal({3, 2}, s.sample));
  HyperLSTMOptions options = kSmall;
  options.recurrent_dropout = 1;
  HyperLSTMCell main_only(2, 3, s, options);
  const nn::RecurrentState dropped = main_only(x);
  CHECK(max(abs(dropped[1].value())).item() == 0);  // c' = s(f) 0 + s(i) 0
  CHECK(max(abs(dropped[3].value())).item() > 0);
  main_only.eval();
  CHECK(max(abs(main_only(x)[1].value())).item() > 0);
  options = kSmall;
  options.hyper_recurrent_dropout = 1;
  HyperLSTMCell hyper_only(2, 3, s, options);
  const nn::RecurrentState other = hyper_only(x);
  CHECK(max(abs(other[1].value())).item() > 0);
  CHECK(max(abs(other[3].value())).item() == 0);
  hyper_only.eval();
  CHECK(max(abs(hyper_only(x)[3].value())).item() > 0);
}

TEST_CASE("hyper cells without bias; errors") {
  Streams s(7);
  const HyperLSTMCell bare(2, 3, s, kSmall, nn::Bias::no);
  CHECK_FALSE(bare.bias.defined());
  CHECK_FALSE(bare.hyper.bias.defined());
  HyperRNNCell rnn(2, 3, s.init, {.hyper_size = 4}, nn::Bias::no);
  CHECK_FALSE(rnn.hyper_bias.defined());
  CHECK(rnn(Variable(zeros({2, 2})))[0].shape() == Shape{2, 3});
  const auto cell = [&](HyperLSTMOptions options) { HyperLSTMCell(2, 3, s, options); };
  CHECK(contains(error_of([&] { cell({.hyper_size = 0}); }),
                 "HyperLSTMCell: the sizes are input 2, h 3, c 3, hyper_h 0"));
  CHECK(
      contains(error_of([&] { cell({.embedding_size = 0}); }), "embedding_size 0, gates 4; hint: all are at least 1"));
  CHECK(
      contains(error_of([&] { cell({.norm = NormPlacement::each_product}); }), "HyperLSTMCell: norm is each_product"));
  CHECK_FALSE(error_of([&] { cell({.recurrent_dropout = 2}); }).empty());
  CHECK(contains(error_of([&] { HyperRNNCell(2, 3, s.init, {.hyper_size = 0}); }),
                 "HyperRNNCell: the sizes are input 2, h 3, hyper_h 0"));
  CHECK(contains(error_of([&] { hyper::Embeddings(4, 2, 0, s.init); }), "Embeddings: hyper_size is 4"));
  CHECK(contains(error_of([&] { HyperLSTM(2, 3, {.num_layers = 0}, s); }), "HyperLSTM: num_layers is 0"));
}
