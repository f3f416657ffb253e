// tests/nn/recurrent.cpp: recurrent layers and cells against PyTorch's numbers
#include "tensor/fusing.h"
#include "tests/nn/torch_case.h"

using namespace weft;
using namespace weft::test;

namespace {

const std::vector<std::string> kParts{"h", "c"};

/// The layer with the case's initial state and lengths, where it has them.
void check_recurrent(const std::string& name, nn::RecurrentLayer&& layer) {
  TorchCase("recurrent", name).check(layer, [&](const Named& in) {
    nn::RecurrentState initial;
    for (const std::string& part : kParts) {
      if (in.contains("initial_" + part)) initial.push_back(in.at("initial_" + part));
    }
    const Tensor lengths = in.contains("lengths") ? in.at("lengths").value() : Tensor();
    const nn::RecurrentResult result = layer(in.at("x"), initial, lengths);
    Named outputs{{"y", result.output}};
    for (size_t i = 0; i < result.state.size(); ++i) outputs[kParts[i]] = result.state[i];
    return outputs;
  });
}

void check_cell(const std::string& name, nn::RecurrentCell&& cell) {
  TorchCase("recurrent", name).check(cell, [&](const Named& in) {
    nn::RecurrentState state{in.at("h")};
    if (in.contains("c")) state.push_back(in.at("c"));
    state = cell(in.at("x"), state);
    Named outputs;
    for (size_t i = 0; i < state.size(); ++i) outputs[kParts[i]] = state[i];
    return outputs;
  });
}

using MakeLayer = std::function<std::unique_ptr<nn::RecurrentLayer>(const nn::RecurrentOptions&, Streams&)>;

const std::map<std::string, MakeLayer> kKinds{
    {"RNN", [](const auto& options, Streams& s) { return std::make_unique<nn::RNN>(3, 4, options, s); }},
    {"GRU", [](const auto& options, Streams& s) { return std::make_unique<nn::GRU>(3, 4, options, s); }},
    {"LSTM", [](const auto& options, Streams& s) { return std::make_unique<nn::LSTM>(3, 4, options, s); }},
    {"LayerNormLSTM",
     [](const auto& options, Streams& s) { return std::make_unique<nn::LayerNormLSTM>(3, 4, options, s); }},
};

}  // namespace

TEST_CASE("RNN, LSTM and GRU equal PyTorch: outputs, last states, all gradients") {
  Streams s(1);
  const nn::RecurrentOptions two{.num_layers = 2};
  check_recurrent("rnn", nn::RNN(2, 3, {}, s));
  check_recurrent("rnn_state", nn::RNN(2, 3, two, s));
  check_recurrent("rnn_relu", nn::RNN(2, 3, {.bias = nn::Bias::no}, s, nn::RNNNonlinearity::relu));
  check_recurrent("lstm", nn::LSTM(2, 3, {}, s));
  check_recurrent("lstm_state", nn::LSTM(2, 3, two, s));
  check_recurrent("lstm_time_first",
                  nn::LSTM(2, 3, {.batch_first = nn::BatchFirst::no, .bidirectional = nn::Bidirectional::yes}, s));
  check_recurrent("lstm_projected",
                  nn::LSTM(2, 3, {.num_layers = 2, .bidirectional = nn::Bidirectional::yes}, s, 0, 2));
  check_recurrent("lstm_one_sequence", nn::LSTM(2, 3, {}, s));
  check_recurrent("gru", nn::GRU(2, 3, {}, s));
  check_recurrent("gru_state", nn::GRU(2, 3, two, s));
  check_recurrent("gru_plain", nn::GRU(2, 3, {.bias = nn::Bias::no, .bidirectional = nn::Bidirectional::yes}, s));
}

TEST_CASE("sequences of different lengths equal PyTorch's packed sequences") {
  Streams s(1);
  const nn::RecurrentOptions both{.num_layers = 2, .bidirectional = nn::Bidirectional::yes};
  check_recurrent("rnn_lengths", nn::RNN(2, 3, both, s));
  check_recurrent("lstm_lengths", nn::LSTM(2, 3, both, s));
  check_recurrent("gru_lengths", nn::GRU(2, 3, both, s));
}

TEST_CASE("cells equal PyTorch, those with layer norm the equations of their papers") {
  Streams s(1);
  check_cell("rnn_cell", nn::RNNCell(2, 3, s.init));
  check_cell("lstm_cell", nn::LSTMCell(2, 3, s));
  check_cell("gru_cell", nn::GRUCell(2, 3, s.init));
  check_cell("layer_norm_lstm_cell_each_gate", nn::LayerNormLSTMCell(2, 3, s));
  check_cell("layer_norm_lstm_cell_each_product",
             nn::LayerNormLSTMCell(2, 3, s, {.placement = nn::NormPlacement::each_product}));
}

TEST_CASE("a sequence is its steps, one after another") {
  for (const auto& [kind, make] : kKinds) {
    CAPTURE(kind);
    Streams s(2);
    const auto layer = make({}, s);
    const Variable x(random_normal({2, 5, 3}, s.sample));
    const nn::RecurrentResult whole = (*layer)(x);
    nn::RecurrentState state;
    for (int64_t t = 0; t < 5; ++t) {
      state = layer->cell(0)(select(x, 1, t), state);
      CHECK(largest_difference(state[0].value(), whole.output.value().select(1, t)) < 1e-6);
    }
    for (size_t part = 0; part < state.size(); ++part) {
      CHECK(largest_difference(state[part].value(), whole.state[part].value().select(0, 0)) < 1e-6);
    }
  }
}

TEST_CASE("the state of one call continues in the next") {
  for (const auto& [kind, make] : kKinds) {
    CAPTURE(kind);
    Streams s(3);
    const auto layer = make({.num_layers = 2}, s);
    const Variable x(random_normal({2, 6, 3}, s.sample));
    const nn::RecurrentResult whole = (*layer)(x);
    const nn::RecurrentResult first = (*layer)(slice(x, 1, 0, 2));
    const nn::RecurrentResult second = (*layer)(slice(x, 1, 2), first.state);
    CHECK(largest_difference(second.output.value(), whole.output.value().slice(1, 2)) < 1e-6);
    for (size_t part = 0; part < whole.state.size(); ++part) {
      CHECK(largest_difference(second.state[part].value(), whole.state[part].value()) < 1e-6);
    }
  }
}

TEST_CASE("stop_gradient carries a state from one tape to the next") {
  Streams s(9);
  nn::LSTM layer(3, 4, {}, s);
  const Variable x(random_normal({2, 3, 3}, s.sample));
  nn::RecurrentState state;
  for (int stretch = 0; stretch < 2; ++stretch) {
    Tape tape;
    const nn::RecurrentResult result = layer(x, state);
    tape.backward(sum(result.output));
    state = nn::stop_gradient(result.state);
    CHECK_FALSE(state[1].node().recorded());
    CHECK(largest_difference(state[1].value(), result.state[1].value()) == 0);
  }
}

TEST_CASE("with lengths every sequence gives what it gives alone, whatever stands behind it") {
  for (const auto& [kind, make] : kKinds) {
    CAPTURE(kind);
    Streams s(4);
    const auto layer = make({.num_layers = 2, .bidirectional = nn::Bidirectional::yes}, s);
    const Tensor x = random_normal({3, 4, 3}, s.sample);
    x.select(0, 1).slice(0, 2).fill_(NAN);
    const std::vector<int64_t> lengths{4, 2, 3};
    Tape tape;
    const nn::RecurrentResult all = (*layer)(x, {}, from_data(lengths, {3}).to(reference));  // on any device
    tape.backward(sum(square(all.output)));
    for (const auto& [path, parameter] : layer->named_parameters()) {
      CAPTURE(path);
      CHECK(std::isfinite(sum(parameter.grad()).item()));
    }
    for (int64_t i = 0; i < 3; ++i) {
      const int64_t length = lengths[static_cast<size_t>(i)];
      const nn::RecurrentResult alone = (*layer)(Variable(x.slice(0, i, i + 1).slice(1, 0, length)));
      const Tensor mine = all.output.value().slice(0, i, i + 1);
      CHECK(largest_difference(mine.slice(1, 0, length), alone.output.value()) < 1e-6);
      if (length < 4) CHECK(max(abs(mine.slice(1, length))).item() == 0);
      CHECK(largest_difference(all.state[0].value().slice(1, i, i + 1), alone.state[0].value()) < 1e-6);
    }
  }
}

TEST_CASE("a sequence is its steps one after another, both ways, with recurrent dropout, fused or not") {
  struct Result {
    Tensor output, state;
    std::vector<Tensor> gradients;
  };
  std::map<std::string, MakeLayer> kinds = kKinds;
  kinds["LSTM with recurrent dropout"] = [](const auto& options, Streams& s) {
    return std::make_unique<nn::LSTM>(3, 4, options, s, 0.5);
  };
  for (const auto& [kind, make] : kinds) {
    CAPTURE(kind);
    const int64_t n = 3, time = 6;
    // The same layer, input and dropout for each way to compute.
    const auto computed = [&](const std::function<nn::RecurrentResult(nn::RecurrentLayer&, const Variable&)>& call) {
      Streams s(11);
      const auto layer = make({.bidirectional = nn::Bidirectional::yes}, s);
      layer->to(DType::float64);
      const Variable x = watch(random_normal({n, time, 3}, s.sample, 0, 1, {.dtype = DType::float64}));
      Tape tape;
      const nn::RecurrentResult y = call(*layer, x);
      tape.backward(sum(square(y.output)) + sum(y.state.back()));
      Result result{y.output.value(), y.state.back().value(), {x.grad()}};
      for (const Variable& parameter : layer->parameters()) result.gradients.push_back(parameter.grad());
      return result;
    };
    const auto whole = [](nn::RecurrentLayer& layer, const Variable& x) { return layer(x); };
    const auto by_steps = [&](nn::RecurrentLayer& layer, const Variable& x) {
      std::vector<Variable> halves;
      std::vector<nn::RecurrentState> last;
      for (const int64_t direction : {0, 1}) {
        nn::RecurrentCell& cell = layer.cell(0, direction);
        nn::RecurrentState state = cell.initial_state(n);
        std::vector<Variable> outputs(time);
        for (int64_t i = 0; i < time; ++i) {
          const int64_t t = direction == 0 ? i : time - 1 - i;
          state = cell(select(x, 1, t), state);
          outputs[static_cast<size_t>(t)] = state[0];
        }
        halves.push_back(stack(outputs, 1));
        last.push_back(state);
      }
      nn::RecurrentState state;
      for (size_t part = 0; part < last[0].size(); ++part) state.push_back(stack({last[0][part], last[1][part]}));
      return nn::RecurrentResult{cat(halves, 2), state};
    };
    const Result steps = computed(by_steps);
    for (const bool fused : {true, false}) {
      CAPTURE(fused);
      set_fusing(fused);
      const Result sequence = computed(whole);
      set_fusing(true);
      CHECK(largest_difference(sequence.output, steps.output) < 1e-14);
      CHECK(largest_difference(sequence.state, steps.state) < 1e-14);
      REQUIRE(sequence.gradients.size() == steps.gradients.size());
      for (size_t i = 0; i < steps.gradients.size(); ++i)
        CHECK(largest_difference(sequence.gradients[i], steps.gradients[i]) < 1e-12);
    }
  }
}

TEST_CASE("derivatives of three steps of recurrent layers by every parameter are right, to second order too") {
  std::map<std::string, MakeLayer> kinds = kKinds;
  kinds["relu RNN"] = [](const auto& options, Streams& s) {
    return std::make_unique<nn::RNN>(3, 4, options, s, nn::RNNNonlinearity::relu);
  };
  kinds["projected LSTM"] = [](const auto& options, Streams& s) {
    return std::make_unique<nn::LSTM>(3, 4, options, s, 0, 2);
  };
  for (const auto& [name, placement] : {std::pair{"LayerNormLSTM of each product", nn::NormPlacement::each_product},
                                        {"LayerNormLSTM without norms", nn::NormPlacement::none}}) {
    kinds[name] = [placement = placement](const auto& options, Streams& s) {
      return std::make_unique<nn::LayerNormLSTM>(3, 4, options, s, nn::LayerNormLSTMOptions{.placement = placement});
    };
  }
  for (const auto& [kind, make] : kinds) {
    CAPTURE(kind);
    Streams s(5);
    const auto layer = make({.bidirectional = nn::Bidirectional::yes}, s);
    layer->to(DType::float64);
    const Tensor lengths = tensor<int64_t>({3, 2});
    std::vector<Tensor> inputs{random_normal({2, 3, 3}, s.sample, 0, 1, {.dtype = DType::float64})};
    std::vector<std::string> names;
    for (const auto& [name, parameter] : layer->named_parameters()) {
      names.push_back(name);
      inputs.push_back(parameter.value());
    }
    const auto output_of = [&](const std::vector<std::string>& given, const std::vector<Variable>& in) {
      nn::Weights weights;
      for (size_t i = 0; i < given.size(); ++i) weights[given[i]] = in[i + 1];
      return nn::functional_call(*layer, weights, [&] { return (*layer)(in[0], {}, lengths).output; });
    };
    CHECK(gradcheck([&](const auto& in) { return output_of(names, in); }, inputs) == "");
    const std::string recurrent = "weight_hh_l0";
    CHECK(gradgradcheck([&](const auto& in) { return output_of({recurrent}, in); },
                        {inputs[0], layer->state_dict().at(recurrent)}) == "");
  }
}

TEST_CASE("a learned initial state is a parameter of every cell; a given state replaces it") {
  Streams s(6);
  nn::LSTM layer(3, 4, {.bidirectional = nn::Bidirectional::yes, .initial_state = nn::InitialState::learned}, s);
  const nn::StateDict state = layer.state_dict();
  CHECK(state.at("initial_h_l0").shape() == Shape{4});
  CHECK(state.contains("initial_c_l0_reverse"));
  const Variable x(random_normal({2, 3, 3}, s.sample));
  {
    Tape tape;
    tape.backward(sum(layer(x).output));
  }
  for (const auto& [path, parameter] : layer.named_parameters()) {
    CAPTURE(path);
    CHECK(max(abs(parameter.grad())).item() > 0);
  }
  for (const Variable& parameter : layer.cell(0).parameters()) parameter.value().add_(0.5);
  const Variable zero(zeros({2, 2, 4})), half(full({2, 2, 4}, 0.5));
  const auto backward_too = [&](const nn::RecurrentState& initial) { return layer(x, initial).output.value(); };
  CHECK(largest_difference(backward_too({}).slice(2, 0, 4), backward_too({half, half}).slice(2, 0, 4)) < 1e-6);
  CHECK(largest_difference(backward_too({}), backward_too({zero, zero})) > 1e-3);
  CHECK(contains(error_of([&] { layer.cell(0).learn_initial_state(); }), "the initial state is learned already"));
}

TEST_CASE("the cell of a layer learns no initial state on its own: the layer would not train it") {
  Streams s(6);
  nn::LSTM layer(3, 4, {}, s);
  const Variable x(random_normal({2, 3, 3}, s.sample));
  const Tensor y = layer(x).output.value();
  CHECK(contains(error_of([&] { layer.cell(0).learn_initial_state(); }),
                 "LSTMCell::register_parameter: 'initial_h' comes too late"));
  CHECK(layer.cell(0).parameters().size() == 4);
  CHECK(largest_difference(layer(x).output.value(), y) == 0);
  nn::LSTMCell alone(3, 4, s);
  alone.learn_initial_state();
  CHECK(alone.state_dict().contains("initial_c"));
}

TEST_CASE("dropout: between layers and on the candidate, while training only") {
  Streams s(7);
  const Variable x(random_normal({2, 5, 3}, s.sample));
  nn::LSTM between(3, 4, {.num_layers = 2, .dropout = 0.5}, s);
  nn::LSTM recurrent(3, 4, {}, s, 0.5);
  nn::LayerNormLSTM normed(3, 4, {}, s, {.recurrent_dropout = 0.5});
  for (nn::RecurrentLayer* layer : std::vector<nn::RecurrentLayer*>{&between, &recurrent, &normed}) {
    CAPTURE(std::string(layer->kind()));
    CHECK(largest_difference((*layer)(x).output.value(), (*layer)(x).output.value()) > 1e-3);
    layer->eval();
    CHECK(largest_difference((*layer)(x).output.value(), (*layer)(x).output.value()) == 0);
  }
  nn::LSTM nothing_new(3, 4, {}, s, 1);  // every candidate dropped: the cell state stays 0, and so does the output
  CHECK(max(abs(nothing_new(x).output.value())).item() == 0);
}

TEST_CASE("parameters: names in PyTorch's order, U(-1/sqrt(H), 1/sqrt(H)), counts of Ha et al.") {
  Streams s(8);
  const nn::LSTM layer(10, 100, {.num_layers = 2, .bidirectional = nn::Bidirectional::yes}, s);
  std::vector<std::string> names;
  for (const auto& [path, parameter] : layer.named_parameters()) {
    names.push_back(path);
    CHECK(parameter.leaf()->name == path);
    CHECK(max(abs(parameter.value())).item() <= 0.1);
    CHECK(max(abs(parameter.value())).item() > 0.095);
  }
  REQUIRE(names.size() == 16);
  CHECK(names[0] == "weight_ih_l0");
  CHECK(names[3] == "bias_hh_l0");
  CHECK(names[4] == "weight_ih_l0_reverse");
  CHECK(names[15] == "bias_hh_l1_reverse");
  CHECK(layer.cell(1, 1).input_size() == 200);
  // 4,264,050 with the softmax layer of 50 classes.
  const nn::LayerNormLSTM normed(50, 1000, {}, s);
  CHECK(normed.num_parameters() + 1001 * 50 == 4264050);
  const Tensor gate = normed.state_dict().at("weight_hh_l0").slice(0, 1000, 1008);
  CHECK(largest_difference(matmul(gate, gate.transpose()), eye(8)) < 1e-4);
}

TEST_CASE("recurrent layers refuse what does not fit") {
  Streams s(1);
  CHECK(contains(error_of([&] { nn::LSTM(0, 3, {}, s); }),
                 "LSTMCell: the sizes are input 0, h 3, c 3; hint: all are at least 1"));
  CHECK(contains(error_of([&] { nn::GRU(1, 3, {.num_layers = 0}, s); }), "GRU: num_layers is 0"));
  CHECK(contains(error_of([&] { nn::GRU(1, 3, {.dropout = 2}, s); }), "dropout: p is 2"));
  CHECK(contains(error_of([&] { nn::LSTM(1, 3, {}, s, -1); }), "dropout: p is -1"));
  nn::LSTM lstm(2, 3, {}, s);
  CHECK(contains(error_of([&] { lstm(zeros({2})); }), "LSTM: x is [2] float32 cpu; hint: it is [n, time, 2]"));
  CHECK(contains(error_of([&] {
                   lstm(zeros({2, 3}));
                 }),
                 "LSTM: x is [2, 3] float32 cpu; hint: it is [n, time, 2], or [time, 2] for one sequence"));
  CHECK(contains(error_of([&] {
                   lstm(zeros({5, 2}), {}, tensor<int64_t>({5}));
                 }),
                 "LSTM: x is [5, 2] float32 cpu; hint: one sequence has no lengths"));
  CHECK(contains(error_of([&] {
                   lstm(zeros({5, 2}), {zeros({2, 3}), zeros({1, 3})});
                 }),
                 "LSTMCell: h of the state is [2, 3] float32 cpu; hint: it is [1, 3]"));
  CHECK(contains(error_of([&] {
                   lstm(zeros({5, 2}), {zeros({1, 1, 3}), zeros({1, 1, 3})});
                 }),
                 "LSTMCell: h of the state is [1, 1, 3] float32 cpu; hint: it is [1, 3]"));
  CHECK(contains(error_of([&] { nn::LSTM(2, 3, {}, s, 0, 3); }),
                 "LSTMCell: proj_size is 3, hidden_size 3; hint: 0 for none, else 1..hidden_size - 1"));
  CHECK(contains(error_of([&] { lstm(zeros({2, 0, 2})); }), "with at least one step"));
  nn::RNN time_first(2, 3, {.batch_first = nn::BatchFirst::no}, s);
  CHECK(contains(error_of([&] { time_first(zeros({2, 3, 1})); }), "hint: it is [time, n, 2]"));
  const Variable x(zeros({4, 5, 2})), h(zeros({1, 4, 3})), wrong(zeros({4, 3}));
  CHECK(contains(error_of([&] { lstm(x, {h}); }), "the state has 1 parts; hint: it has 2, h first"));
  CHECK(contains(error_of([&] {
                   lstm(x, {h, wrong});
                 }),
                 "c of the state is [4, 3] float32 cpu; hint: it is [1, 4, 3]"));
  CHECK(contains(error_of([&] { lstm(x, {h, Variable()}); }), "c of the state is undefined"));
  CHECK(contains(error_of([&] { lstm(x, {}, zeros({4})); }), "lengths are [4] float32 cpu; hint: int64 [4]"));
  const Tensor none = tensor<int64_t>({1, 5, 0, 1}), long_one = tensor<int64_t>({1, 6, 1, 1});
  CHECK(contains(error_of([&] { lstm(x, {}, none); }), "a length is 0; hint: they lie in 1..5"));
  CHECK(contains(error_of([&] { lstm(x, {}, long_one); }), "a length is 6"));
  CHECK(contains(error_of([&] { lstm.cell(1); }), "there is no cell of layer 1, direction 0"));
  nn::LSTMCell cell(2, 3, s);
  CHECK(contains(error_of([&] { cell(zeros({4, 3})); }), "LSTMCell: x is [4, 3] float32 cpu; hint: it is [n, 2]"));
  CHECK(contains(error_of([&] { cell(zeros({4, 2}), {wrong}); }), "the state has 1 parts"));
  const nn::Lengths five("LSTM", 4, 5, cpu), seven("LSTM", 4, 7, cpu);
  const auto sequence = [&](const Shape& projected, const nn::RecurrentState& state, const nn::Lengths& lengths) {
    return error_of([&] { cell.sequence(zeros(projected), state, lengths, From::first); });
  };
  CHECK(contains(sequence({5, 4, 12}, {wrong, wrong}, seven),
                 "LSTMCell: projected is [5, 4, 12] float32 cpu, the lengths are of 7 steps; hint: it is [time, n,"));
  CHECK(contains(sequence({5, 12}, {wrong, wrong}, five), "LSTMCell: projected is [5, 12] float32 cpu"));
  CHECK(
      contains(sequence({5, 3, 12}, {wrong, wrong}, five), "h of the state is [4, 3] float32 cpu; hint: it is [3, 3]"));
  CHECK(contains(error_of([] { nn::Lengths("LSTM", 2, 0, cpu); }), "LSTM: a sequence has 0 steps; hint: at least one"));
}
