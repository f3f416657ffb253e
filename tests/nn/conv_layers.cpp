// tests/nn/conv_layers.cpp: convolution, pooling and resizing layers against PyTorch's numbers
#include <doctest/doctest.h>

#include "nn/nn.h"
#include "tests/fixtures/nn_fixture.h"

using namespace weft;
using namespace weft::test;

namespace {

/// Output and the gradients of x and of every parameter; the layer runs with the fixture's weights.
void check_layer(const std::string& name, nn::Layer& layer) {
  CAPTURE(name);
  static const Fixture fixture = load_fixture("nn_conv.json");
  const auto at = [&](const std::string& part) { return fixture.at(name + "." + part); };
  std::map<std::string, Variable> inputs{{"x", watch(at("x"))}};
  nn::Weights weights;
  for (const auto& [path, parameter] : layer.named_parameters()) {
    REQUIRE(parameter.shape() == at(path).shape());
    inputs[path] = weights[path] = watch(at(path));
  }
  Tape tape;
  const Variable y = nn::functional_call(layer, weights, inputs.at("x"));
  CHECK(largest_difference(y.value(), at("y")) < kTolerance);
  tape.backward(y, at("dy"));
  for (const auto& [input, variable] : inputs) {
    CAPTURE(input);
    CHECK(largest_difference(variable.grad(), at("d" + input)) < kTolerance);
  }
}

template <class L>
void check_convolution(const std::string& name, L&& layer) {
  layer.weight = nn::Parameter(layer.weight.value().to(DType::float64));
  layer.bias = nn::Parameter(layer.bias.value().to(DType::float64));
  check_layer(name, layer);
}

template <class L>
void check_conv(const std::string& name, L&& layer) {
  check_layer(name, layer);
}

}  // namespace

TEST_CASE("convolution layers equal PyTorch") {
  Streams streams(1);
  RandomStream& init = streams.init;
  check_convolution(
      "conv2d",
      nn::Conv2d(4, 6, {.kernel_size = {3, 2}, .stride = {2, 1}, .padding = {1, 0}, .dilation = {1, 2}, .groups = 2},
                 init));
  check_convolution("conv2d_same",
                    nn::Conv2d(2, 3, {.kernel_size = {4, 3}, .padding = nn::kSame, .dilation = {1, 2}}, init));
  check_convolution("conv1d", nn::Conv1d(4, 2, {.stride = 2, .padding = 1, .dilation = 2, .groups = 2}, init));
  check_convolution("conv1d_same", nn::Conv1d(2, 3, {.kernel_size = 4, .padding = nn::kSame}, init));
  check_convolution(
      "conv_transpose2d",
      nn::ConvTranspose2d(
          4, 6, {.kernel_size = {3, 2}, .stride = {2, 3}, .padding = 1, .output_padding = {1, 2}, .groups = 2}, init));
  check_convolution("conv2d_reflect",
                    nn::Conv2d(2, 2, {.stride = 2, .padding = {1, 2}, .padding_mode = PadMode::reflect}, init));
  check_convolution(
      "conv2d_replicate",
      nn::Conv2d(2, 2, {.kernel_size = {2, 3}, .padding = nn::kSame, .padding_mode = PadMode::replicate}, init));
  check_convolution("conv2d_circular",
                    nn::Conv2d(2, 4, {.padding = {0, 1}, .groups = 2, .padding_mode = PadMode::circular}, init));
  check_convolution("conv1d_reflect",
                    nn::Conv1d(2, 2, {.kernel_size = 4, .padding = nn::kSame, .padding_mode = PadMode::reflect}, init));
  check_convolution("conv1d_circular", nn::Conv1d(2, 2, {.padding = 2, .padding_mode = PadMode::circular}, init));
  check_convolution("conv_transpose1d",
                    nn::ConvTranspose1d(2, 3, {.stride = 2, .padding = 1, .output_padding = 1}, init));
}

TEST_CASE("pooling layers equal PyTorch") {
  check_conv("max_pool2d", nn::MaxPool2d({3, 2}, 2, 1, 1, CeilMode::yes));
  check_conv("max_pool1d", nn::MaxPool1d(2));
  check_conv("avg_pool2d", nn::AvgPool2d(3, 2, 1));
  check_conv("avg_pool1d", nn::AvgPool1d(2));
  check_conv("adaptive_avg_pool2d", nn::AdaptiveAvgPool2d({3, 2}));
  check_conv("adaptive_max_pool2d", nn::AdaptiveMaxPool2d({3, 2}));
  check_conv("adaptive_avg_pool1d", nn::AdaptiveAvgPool1d(3));
  check_conv("adaptive_max_pool1d", nn::AdaptiveMaxPool1d(3));
}

TEST_CASE("Upsample, Flatten and Unflatten equal PyTorch") {
  check_conv("upsample", nn::Upsample({.scale_factor = {2}, .mode = Interpolation::bilinear}));
  check_conv("flatten", nn::Flatten(0, 1));
  check_conv("unflatten", nn::Unflatten(1, {2, -1}));
}

TEST_CASE("convolutions draw their weights as PyTorch does: within 1/sqrt of what an output sees") {
  Streams streams(5);
  const auto largest = [](const Tensor& x) { return max(abs(x)).item(); };
  const nn::Conv2d conv(8, 64, {.kernel_size = {3, 5}, .groups = 4}, streams.init);
  CHECK(largest(conv.weight.value()) <= 1 / std::sqrt(2 * 15.0));
  CHECK(largest(conv.weight.value()) > 0.95 / std::sqrt(2 * 15.0));
  CHECK(largest(conv.bias.value()) <= 1 / std::sqrt(2 * 15.0));
  const nn::ConvTranspose2d spread(64, 8, {.kernel_size = 3}, streams.init);
  CHECK(largest(spread.weight.value()) <= 1 / std::sqrt(8 * 9.0));
  CHECK(largest(spread.weight.value()) > 0.95 / std::sqrt(8 * 9.0));
}

TEST_CASE("convolution and pooling layers refuse sizes that make no layer") {
  Streams streams(1);
  RandomStream& init = streams.init;
  CHECK(contains(error_of([&] { nn::Conv2d(1, 2, {.dilation = 0}, init); }), "Conv2d: in_channels is 1"));
  CHECK(contains(error_of([&] { nn::Conv2d(3, 2, {.groups = 2}, init); }),
                 "in_channels 3 and out_channels 2 cannot be cut into 2 groups"));
  CHECK(contains(error_of([&] { nn::Conv2d(1, 2, {.stride = 2, .padding = nn::kSame}, init); }),
                 "padding kSame needs stride 1: stride is 2"));
  nn::Conv1d mirrored(1, 2, {.padding = 3, .padding_mode = PadMode::reflect}, init);
  CHECK(contains(error_of([&] { mirrored(Variable(ones({1, 1, 3}))); }), "pad: "));
  CHECK(contains(error_of([&] { nn::Conv1d(1, 2, {.kernel_size = 0}, init); }), "Conv1d: in_channels is 1"));
  CHECK(contains(error_of([&] { nn::Conv1d(1, 2, {.padding = -1}, init); }), "padding [-1, -1]"));
  CHECK(contains(error_of([&] { nn::Conv2d(1, 2, {.padding = {-1, 0}}, init); }), "padding [-1, 0]"));
  CHECK(contains(error_of([&] { nn::ConvTranspose2d(1, 2, {.output_padding = {0, -1}}, init); }), "padding -1"));
  CHECK(contains(error_of([&] { nn::ConvTranspose1d(1, 2, {.padding = -1}, init); }), "padding [-1, -1]"));
  CHECK(contains(error_of([] { nn::AvgPool2d(3, 1, {1, 2}); }), "AvgPool2d: kernel_size is [3, 3]"));
  CHECK(contains(error_of([] { nn::AvgPool1d(3, -1); }), "AvgPool1d: kernel_size is [3, 3], stride [-1, -1]"));
  CHECK(contains(error_of([] { nn::MaxPool1d(3, 1, 0, 0); }), "MaxPool1d: kernel_size is [3, 3]"));
  CHECK(contains(error_of([] { nn::AdaptiveAvgPool2d({1, 0}); }), "AdaptiveAvgPool2d: output_size is [1, 0]"));
  CHECK(contains(error_of([] { nn::AdaptiveMaxPool2d(0); }), "AdaptiveMaxPool2d: output_size"));
  CHECK(contains(error_of([] { nn::AdaptiveAvgPool1d(0); }), "AdaptiveAvgPool1d: output_size"));
  CHECK(contains(error_of([] { nn::AdaptiveMaxPool1d(-2); }), "AdaptiveMaxPool1d: output_size"));
  const std::string cut = error_of([] { nn::Unflatten(1, {4, -1})(zeros({2, 6})); });
  CHECK(contains(cut, "Unflatten: axis 1 cannot be cut into [4, -1]: x is [2, 6]"));
}
