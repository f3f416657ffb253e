// tests/nn/layers.cpp: layers and losses against PyTorch's numbers
#include <doctest/doctest.h>

#include "nn/nn.h"
#include "tests/fixtures/nn_fixture.h"

using namespace weft;
using namespace weft::test;

namespace {

using Call = std::function<Variable(const std::map<std::string, Variable>&)>;

/// Output, and the gradient of every input that the fixture has one for, for the fixture's upstream gradient.
void check_case(const std::string& name, const Call& call) {
  CAPTURE(name);
  const Fixture fixture = load_fixture("nn_layers.json");
  std::map<std::string, Variable> inputs;
  for (const std::string input : {"x", "weight", "bias", "target"}) {
    if (!fixture.contains(name + "." + input)) continue;
    const Tensor value = fixture.at(name + "." + input);
    inputs[input] = fixture.contains(name + ".d" + input) ? watch(value, input) : Variable(value.to(DType::int64));
  }
  Tape tape;
  const Variable y = call(inputs);
  CHECK(largest_difference(y.value(), fixture.at(name + ".y")) < kTolerance);
  tape.backward(y, fixture.at(name + ".dy"));
  for (const auto& [input, variable] : inputs) {
    CAPTURE(input);
    if (variable.is_leaf()) {
      CHECK(largest_difference(variable.grad(), fixture.at(name + ".d" + input)) < kTolerance);
    }
  }
}

/// The layer with the fixture's weights in place of its own.
Call with_weights(nn::Layer& layer) {
  return [&layer](const std::map<std::string, Variable>& inputs) {
    return nn::functional_call(layer, {{"weight", inputs.at("weight")}, {"bias", inputs.at("bias")}}, inputs.at("x"));
  };
}

template <class L>
void to_float64(L& layer) {
  layer.weight = nn::Parameter(layer.weight.value().to(DType::float64));
  layer.bias = nn::Parameter(layer.bias.value().to(DType::float64));
}

}  // namespace

TEST_CASE("Linear and Conv2d equal PyTorch") {
  Streams streams(1);
  nn::Linear linear(4, 5, streams.init);
  to_float64(linear);
  check_case("linear", with_weights(linear));
  nn::Conv2d conv(2, 3, {.kernel_size = 3, .stride = 2, .padding = 1}, streams.init);
  to_float64(conv);
  check_case("conv2d", with_weights(conv));
}

TEST_CASE("MaxPool2d equals PyTorch") {
  nn::MaxPool2d pool(3, 2, 1);
  check_case("max_pool2d", [&](const auto& inputs) { return pool(inputs.at("x")); });
}

TEST_CASE("losses equal PyTorch") {
  using nn::Reduction;
  for (const auto& [suffix, reduction] : std::map<std::string, Reduction>{
           {"_mean", Reduction::mean}, {"_sum", Reduction::sum}, {"_none", Reduction::none}}) {
    check_case("cross_entropy" + suffix, [reduction = reduction](const auto& inputs) {
      return nn::cross_entropy(inputs.at("x"), inputs.at("target"), {.reduction = reduction});
    });
    if (reduction == Reduction::none) continue;
    check_case("mse" + suffix, [reduction = reduction](const auto& inputs) {
      return nn::mse_loss(inputs.at("x"), inputs.at("target"), reduction);
    });
  }
}

TEST_CASE("mse_loss does not broadcast") {
  const std::string error = error_of([] { nn::mse_loss(Variable(zeros({3, 1})), Variable(zeros({3}))); });
  CHECK(contains(error, "mse_loss: shapes differ: prediction is [3, 1] float32"));
  CHECK(contains(error, "target is [3] float32"));
}

TEST_CASE("activations and Flatten") {
  const Tensor x = tensor<double>({-2, 0, 0.5, 3}, Shape{1, 2, 2});
  CHECK(nn::ReLU()(x).value().to_vector<double>() == std::vector<double>{0, 0, 0.5, 3});
  CHECK(nn::Tanh()(x).value().at({0, 1, 0}) == doctest::Approx(std::tanh(0.5)));
  CHECK(nn::Sigmoid()(x).value().at({0, 0, 0}) == doctest::Approx(1 / (1 + std::exp(2.0))));
  CHECK(nn::Flatten()(x).shape() == Shape{1, 4});
}

TEST_CASE("layers refuse sizes that make no layer") {
  Streams streams(1);
  CHECK(contains(error_of([&] { nn::Linear(0, 3, streams.init); }), "Linear: in_features is 0"));
  CHECK(contains(error_of([&] { nn::Conv2d(1, 2, {.stride = 0}, streams.init); }), "stride [0, 0]"));
  CHECK(contains(error_of([] { nn::MaxPool2d(2, 1, 2); }),
                 "MaxPool2d: kernel_size is [2, 2], stride [1, 1], padding [2, 2]"));
}

TEST_CASE("layers without bias have one parameter") {
  Streams streams(1);
  nn::Linear linear(3, 2, streams.init, nn::Bias::no);
  CHECK(linear.num_parameters() == 6);
  CHECK(linear(ones({1, 3})).shape() == Shape{1, 2});
  nn::Conv2d conv(1, 2, {.kernel_size = 3, .bias = nn::Bias::no}, streams.init);
  CHECK(conv.num_parameters() == 18);
  CHECK(conv(ones({1, 1, 3, 3})).shape() == Shape{1, 2, 1, 1});
}

TEST_CASE("dropout keeps the mean and scales what stays") {
  Streams streams(7);
  const Tensor x = ones({100000});
  const std::vector<float> y = nn::dropout(x, 0.25, streams.dropout, true).value().to_vector<float>();
  int64_t dropped = 0;
  double total = 0;
  for (const float value : y) {
    dropped += value == 0;
    total += value;
    REQUIRE((value == 0 || value == doctest::Approx(1 / 0.75)));
  }
  const double deviation = std::sqrt(100000 * 0.25 * 0.75);
  CHECK(std::fabs(static_cast<double>(dropped) - 25000) < 5 * deviation);
  CHECK(total / 100000 == doctest::Approx(1).epsilon(0.02));
}

TEST_CASE("dropout: evaluation, p = 0 and p = 1") {
  Streams streams(7);
  nn::Dropout dropout(0.5, streams.dropout);
  const Tensor x = random_normal({50}, streams.sample);
  dropout.eval();
  CHECK(largest_difference(dropout(x).value(), x) == 0);
  CHECK(largest_difference(nn::dropout(x, 0, streams.dropout, true).value(), x) == 0);
  CHECK(largest_difference(nn::dropout(x, 1, streams.dropout, true).value(), zeros({50})) == 0);
  CHECK(streams.dropout.position() == 0);
  dropout.train();
  CHECK(largest_difference(dropout(x).value(), x) > 0);
  CHECK(streams.dropout.position() == 50);
  CHECK(contains(error_of([&] { nn::Dropout(1.5, streams.dropout); }), "dropout: p is 1.5"));
  CHECK(contains(error_of([&] { nn::dropout(x, NAN, streams.dropout, true); }), "dropout: p is nan"));
}

TEST_CASE("dropout: the gradient passes where the value did") {
  Streams streams(3);
  const Variable x = watch(ones({1000}));
  Tape tape;
  const Variable y = nn::dropout(x, 0.4, streams.dropout, true);
  tape.backward(sum(y));
  CHECK(largest_difference(x.grad(), y.value()) == 0);
}

TEST_CASE("accuracy") {
  const Tensor logits = tensor<float>({1, 2, 3, 5, 4, 0, 0, 9, 1, 1, 1, 0}, Shape{4, 3});
  CHECK(nn::accuracy(logits, tensor<int64_t>({2, 0, 1, 1})) == 0.75);
  CHECK(contains(error_of([&] { nn::accuracy(logits, tensor<int64_t>({2, 0})); }), "accuracy: logits is [4, 3]"));
  CHECK(contains(error_of([&] { nn::accuracy(logits, zeros({4})); }), "target int64 [n]"));
  CHECK(contains(error_of([&] { nn::accuracy(zeros({0, 3}), zeros({0}, {.dtype = DType::int64})); }), "no rows"));
}
