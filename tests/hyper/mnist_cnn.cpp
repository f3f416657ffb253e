// tests/hyper/mnist_cnn.cpp: the paper's MNIST network, free and generated
#include "hyper/models/mnist_cnn.h"

#include <doctest/doctest.h>

#include "tensor/backend.h"
#include "tests/hyper/backends_agree.h"
#include "tests/hyper/names_of.h"

using namespace weft;
using namespace weft::test;
using hyper::Kernel;
using hyper::MnistCnn;

namespace {

int64_t count_below(const nn::Module& module, std::initializer_list<std::string> names) {
  int64_t count = 0;
  for (const auto& [name, parameter] : module.named_parameters()) {
    for (const std::string& wanted : names) {
      if (name == wanted) count += parameter.numel();
    }
  }
  return count;
}

/// Forward and backward on `device` from weights large enough that every gradient counts.
Pass cnn_pass(Kernel kernel, Device device) {
  Streams streams(8);
  MnistCnn model(kernel, streams.init);
  for (const Variable& parameter : model.parameters()) nn::init::normal_(parameter.value(), streams.init, 0, 0.1);
  return pass_of(model, random_uniform({2, 1, 28, 28}, streams.sample), tensor<int64_t>({3, 7}), device);
}

}  // namespace

TEST_CASE("the paper's parameter counts") {
  Streams streams(1);
  const MnistCnn free(Kernel::free, streams.init), generated(Kernel::generated, streams.init);
  CHECK(free.num_parameters() == 21210);
  CHECK(generated.num_parameters() == 12910);
  CHECK(count_below(free, {"conv2.weight"}) == 12544);
  CHECK(count_below(generated, {"generator.w_in", "generator.b_in", "generator.w_out", "generator.b_out",
                                "conv2.embedding"}) == 4244);
  CHECK(free.second_kernel().shape() == Shape{16, 16, 7, 7});
  CHECK(generated.second_kernel().shape() == Shape{16, 16, 7, 7});
}

TEST_CASE("parameter names") {
  Streams streams(1);
  CHECK(names_of(MnistCnn(Kernel::free, streams.init)) ==
        std::vector<std::string>{"conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias", "classifier.weight",
                                 "classifier.bias"});
  CHECK(names_of(MnistCnn(Kernel::generated, streams.init)) ==
        std::vector<std::string>{"conv1.weight", "conv1.bias", "generator.w_in", "generator.b_in", "generator.w_out",
                                 "generator.b_out", "conv2.embedding", "conv2.bias", "classifier.weight",
                                 "classifier.bias"});
}

TEST_CASE("initial values follow the authors' notebook") {
  Streams streams(1);
  const MnistCnn model(Kernel::free, streams.init);
  const nn::StateDict state = model.state_dict();
  for (const std::string name : {"conv1.weight", "conv2.weight"}) {
    CHECK(max(abs(state.at(name))).item() <= 0.02 + 1e-6);
    CHECK(max(abs(state.at(name))).item() > 0.015);
  }
  for (const std::string name : {"conv1.bias", "conv2.bias", "classifier.bias"}) {
    CHECK(max(abs(state.at(name))).item() == 0);
  }
  const Tensor w = state.at("classifier.weight");
  CHECK(largest_difference(matmul(w, w.transpose()), eye(10)) < 1e-5);
}

TEST_CASE("forward and backward agree on cpu and reference") {
  for (const Kernel kernel : {Kernel::free, Kernel::generated}) {
    const Pass fast = cnn_pass(kernel, cpu), plain = cnn_pass(kernel, reference);
    CHECK(fast.logits.shape() == Shape{2, 10});
    check_agree(fast, plain, kernel == Kernel::free ? 6 : 10);
  }
}

TEST_CASE("the generated kernel stands in for the free one") {
  Streams streams(2);
  MnistCnn free(Kernel::free, streams.init), generated(Kernel::generated, streams.init);
  const nn::StateDict shared = generated.state_dict();
  free.load_state_dict({{"conv1.weight", shared.at("conv1.weight")},
                        {"conv1.bias", shared.at("conv1.bias")},
                        {"classifier.weight", shared.at("classifier.weight")}},
                       nn::Strict::no);
  const Variable x = random_uniform({2, 1, 28, 28}, streams.sample);
  const Variable y = nn::functional_call(free, {{"conv2.weight", generated.second_kernel()}}, x);
  CHECK(largest_difference(y.value(), generated(x).value()) == 0);
  CHECK(largest_difference(y.value(), free(x).value()) > 0);
}

TEST_CASE("a generated model runs with another embedding") {
  Streams streams(2);
  MnistCnn model(Kernel::generated, streams.init);
  const Variable x = random_uniform({1, 1, 28, 28}, streams.sample);
  const Variable z = watch(random_normal({1, 4}, streams.sample));
  Tape tape;
  const Variable y = nn::functional_call(model, {{"conv2.embedding", z}}, x);
  tape.backward(sum(square(y)));
  CHECK(z.grad().shape() == Shape{1, 4});
  CHECK(max(abs(z.grad())).item() > 0);
}

TEST_CASE("MnistCnn names the images it takes") {
  Streams streams(1);
  MnistCnn model(Kernel::generated, streams.init);
  CHECK(contains(error_of([&] { model(Variable(zeros({2, 3, 32, 32}))); }), "MnistCnn: x is [2, 3, 32, 32] float32"));
}

TEST_CASE("a training step takes nothing new from the system once two have run") {
  Streams streams(3);
  MnistCnn model(Kernel::generated, streams.init);
  nn::optim::Adam adam(model.parameters());
  const Tensor images = random_uniform({20, 1, 28, 28}, streams.sample, 0, 1, {.device = cpu});
  const Tensor labels = zeros({20}, {.dtype = DType::int64, .device = cpu});
  model.to(cpu);
  int64_t asked_before = 0;
  for (int step = 0; step < 6; ++step) {
    if (step == 2) asked_before = memory_stats(cpu).from_system;
    Tape tape;
    tape.backward(nn::cross_entropy(model(images), labels));
    nn::optim::clip_grad_norm_(model.parameters(), 100);
    adam.step();
    adam.zero_grad();
  }
  CHECK(memory_stats(cpu).from_system == asked_before);
}
