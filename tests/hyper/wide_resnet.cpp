// tests/hyper/wide_resnet.cpp: wide residual networks, free and generated
#include "hyper/models/wide_resnet.h"

#include <doctest/doctest.h>

#include "tensor/backend.h"
#include "tests/fixtures/nn_fixture.h"

using namespace weft;
using namespace weft::test;
using hyper::Kernel;
using hyper::WideResNet;

namespace {

int64_t parameters(int64_t depth, int64_t widen, Kernel kernel) {
  Streams streams(1);
  return WideResNet({.depth = depth, .widen = widen, .kernel = kernel}, streams.init).num_parameters();
}

struct WrnPass {
  Tensor logits;
  std::map<std::string, Tensor> gradients;
};

/// In eval mode: statistics of two small images would make the smallest differences large.
WrnPass wrn_pass(Kernel kernel, Device device) {
  Streams streams(4);
  WideResNet model({.depth = 10, .widen = 1, .kernel = kernel}, streams.init);
  for (const auto& [name, parameter] : model.named_parameters()) {  // so large that every gradient counts
    if (name.starts_with("generator.")) nn::init::normal_(parameter.value(), streams.init, 0, 0.03);
  }
  model.to(device);
  model.eval();
  const Tensor images = random_uniform({2, 3, 8, 8}, streams.sample).to(device);
  Tape tape;
  const Variable logits = model(Variable(images));
  Variable loss = nn::cross_entropy(logits, tensor<int64_t>({3, 7}).to(device));
  for (const Variable& kernel : model.kernels()) loss = loss + 1e-3 * sum(square(kernel));
  tape.backward(loss);
  WrnPass pass{logits.value(), {}};
  for (const auto& [name, parameter] : model.named_parameters()) pass.gradients[name] = parameter.grad();
  return pass;
}

}  // namespace

TEST_CASE("wide residual networks: parameter counts") {
  CHECK(parameters(40, 1, Kernel::free) == 563930);
  CHECK(parameters(40, 1, Kernel::generated) == 97770);
  CHECK(parameters(40, 2, Kernel::free) == 2243546);
  CHECK(parameters(40, 2, Kernel::generated) == 155626);
}

TEST_CASE("wide residual networks: kernels are those of 36 convolutions, the first and the shortcuts") {
  for (const Kernel kernel : {Kernel::free, Kernel::generated}) {
    Streams streams(1);
    const WideResNet model({.depth = 40, .widen = 1, .kernel = kernel}, streams.init);
    const std::vector<Variable> kernels = model.kernels();
    CHECK(kernels.size() == 36 + 1 + 2);
    int64_t weights = 0;
    for (const Variable& one : kernels) weights += one.numel();
    CHECK(weights == 563930 - 2720 - 650);  // all but the norms and the classifier of the free one
    CHECK(model.last_kernel(0).shape() == Shape{16, 16, 3, 3});
    CHECK(model.last_kernel(1).shape() == Shape{32, 32, 3, 3});
    CHECK(model.last_kernel(2).shape() == Shape{64, 64, 3, 3});
    CHECK_THROWS_WITH_AS(model.last_kernel(3), "WideResNet::last_kernel: group is 3; hint: 0, 1 or 2", Error);
  }
}

TEST_CASE("wide residual networks: a block is the sum of its two paths") {
  Streams streams(6);
  hyper::ResidualBlock block(16, 32, 2, nullptr, streams.init);
  block.eval();
  const Variable x(random_normal({2, 16, 8, 8}, streams.sample));
  const std::vector<Variable> k = block.kernels();
  REQUIRE(k.size() == 3);
  const double norm = 1 / std::sqrt(1 + 1e-5);  // fresh running statistics: mean 0, variance 1
  const Variable activated = relu(x * norm);
  const Variable inner = relu(conv2d(activated, k[0], {}, {{2, 2}, {1, 1}}) * norm);
  const Variable y = conv2d(inner, k[1], {}, {{1, 1}, {1, 1}}) + conv2d(activated, k[2], {}, {{2, 2}, {0, 0}});
  CHECK(largest_difference(block(x).value(), y.value()) < 1e-4);
  CHECK(y.shape() == Shape{2, 32, 4, 4});

  hyper::ResidualBlock same(16, 16, 1, nullptr, streams.init);
  for (const Variable& kernel : same.kernels()) nn::init::zeros_(kernel.value());
  CHECK(largest_difference(same(x).value(), x.value()) == 0);
}

TEST_CASE("wide residual networks: cpu and reference agree, and every parameter learns") {
  for (const Kernel kernel : {Kernel::free, Kernel::generated}) {
    const WrnPass fast = wrn_pass(kernel, cpu), plain = wrn_pass(kernel, reference);
    CHECK(fast.logits.shape() == Shape{2, 10});
    const double size = max(abs(plain.logits)).item();
    CHECK(largest_difference(fast.logits, plain.logits) < 1e-4 * std::max(1.0, size));
    for (const auto& [name, gradient] : plain.gradients) {
      CAPTURE(name);
      REQUIRE(gradient.defined());
      const double scale = max(abs(gradient)).item();
      CHECK(scale > 0);
      CHECK(largest_difference(fast.gradients.at(name), gradient) < 1e-3 * std::max(1.0, scale));
    }
  }
}

TEST_CASE("wide residual networks: errors") {
  Streams streams(1);
  CHECK_THROWS_WITH_AS(
      WideResNet({.depth = 12}, streams.init),
      "WideResNet: depth is 12, widen 1, classes 10; hint: depth is 6 N + 4 (10, 16, 22, 28, ...), all "
      "above 0",
      Error);
  CHECK_THROWS_AS(WideResNet({.depth = 4}, streams.init), Error);
  CHECK_THROWS_AS(WideResNet({.depth = 10, .widen = 0}, streams.init), Error);
  WideResNet model({.depth = 10}, streams.init);
  CHECK_THROWS_AS(model(Variable(zeros({1, 1, 32, 32}))), Error);
}
