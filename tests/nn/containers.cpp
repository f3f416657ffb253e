// tests/nn/containers.cpp: lists and dictionaries of modules, activations as layers, dropout of channels, dtypes
#include <doctest/doctest.h>

#include "nn/nn.h"
#include "tests/fixtures/nn_fixture.h"

using namespace weft;
using namespace weft::test;

TEST_CASE("ModuleList: modules by number, in order, with state names") {
  Streams streams(1);
  nn::ModuleList<nn::Linear> list;
  list.append(std::make_unique<nn::Linear>(2, 3, streams.init));
  nn::Linear& second = list.append(std::make_unique<nn::Linear>(3, 1, streams.init));
  CHECK(list.size() == 2);
  CHECK(&list[1] == &second);
  CHECK(list.state_dict().contains("1.weight"));
  int64_t parameters = 0;
  for (const auto& module : list) parameters += module->num_parameters();
  CHECK(parameters == list.num_parameters());
  CHECK(contains(error_of([&] { list[2]; }), "ModuleList: module 2 is out of range: there are 2"));
  CHECK(contains(error_of([&] { list.append(nullptr); }), "ModuleList::append: module 2 is null"));
  CHECK(list.kind() == "ModuleList");
}

TEST_CASE("ModuleDict: modules by name, with state names") {
  Streams streams(1);
  nn::ModuleDict<> dict;
  nn::Module& head = dict.insert("head", std::make_unique<nn::Linear>(2, 3, streams.init));
  dict.insert("act", std::make_unique<nn::Tanh>());
  CHECK(dict.size() == 2);
  CHECK(&dict["head"] == &head);
  CHECK(dict.contains("act"));
  CHECK(dict.state_dict().contains("head.weight"));
  CHECK(dict.begin()->first == "head");
  CHECK(dict.children()[1].first == std::next(dict.begin())->first);
  dict.eval();
  CHECK_FALSE(head.is_training());
  CHECK(contains(error_of([&] { dict["tail"]; }), "ModuleDict: there is no module 'tail' among 2"));
  CHECK(contains(error_of([&] { dict.insert("head", std::make_unique<nn::Tanh>()); }), "'head' is already taken"));
  CHECK(contains(error_of([&] { dict.insert("none", nullptr); }), "ModuleDict::insert: module 'none' is null"));
  CHECK(dict.size() == 2);
  CHECK(dict.children().size() == 2);
  CHECK(&dict["head"] == &head);
}

TEST_CASE("activations as layers are the functions of the same name") {
  const Variable x(tensor<float>({-30, -2, -0.5F, 0, 0.5F, 2, 7, 30}, Shape{2, 4}));
  const auto check = [&](nn::Layer&& layer, const Variable& y) {
    CAPTURE(std::string(layer.kind()));
    CHECK(largest_difference(layer(x).value(), y.value()) == 0);
  };
  check(nn::Identity(), x);
  check(nn::LogSigmoid(), log_sigmoid(x));
  check(nn::SiLU(), silu(x));
  check(nn::GELU(), gelu(x));
  check(nn::GELU(GeluForm::tanh), gelu(x, GeluForm::tanh));
  check(nn::Softplus(), softplus(x));
  check(nn::Softplus(2, 3), softplus(x, 2, 3));
  check(nn::ELU(0.5), elu(x, 0.5));
  check(nn::SELU(), selu(x));
  check(nn::Mish(), mish(x));
  check(nn::Hardswish(), hardswish(x));
  check(nn::LeakyReLU(), leaky_relu(x));
  check(nn::LeakyReLU(0.2), leaky_relu(x, 0.2));
  check(nn::Hardtanh(-2, 3), hardtanh(x, -2, 3));
  check(nn::ReLU6(), relu6(x));
  check(nn::GLU(), glu(x));
  check(nn::GLU(0), glu(x, 0));
  check(nn::Softmax(), softmax(x));
  check(nn::Softmax(0), softmax(x, 0));
  check(nn::LogSoftmax(0), log_softmax(x, 0));
}

TEST_CASE("Dropout2d drops whole channels and keeps the mean") {
  Streams streams(1);
  nn::Dropout2d layer(0.25, streams.dropout);
  const Tensor y = layer(Variable(ones({100, 20, 2, 3}))).value();
  const Tensor channels = y.slice(2, 0, 1).slice(3, 0, 1);
  CHECK(largest_difference(y, channels.expand(y.shape())) == 0);
  CHECK(mean(y).item() == doctest::Approx(1).epsilon(0.05));
  CHECK(max(y).item() == doctest::Approx(1 / 0.75));
  CHECK(min(y).item() == 0);
  nn::Dropout2d all(1, streams.dropout);
  CHECK(max(all(Variable(ones({1, 2, 1}))).value()).item() == 0);
  layer.eval();
  CHECK(min(layer(Variable(ones({100, 20}))).value()).item() == 1);
  CHECK(contains(error_of([&] { layer(Variable(ones({3}))); }), "dropout2d: x is [3] float32"));
  CHECK(contains(error_of([&] { nn::Dropout2d(-0.5, streams.dropout); }), "dropout: p is -0.5"));
}

TEST_CASE("to(dtype) casts floating parameters and buffers, and leaves counts alone") {
  nn::BatchNorm1d norm(3);
  const auto leaf = norm.weight.leaf();
  norm.to(DType::float64);
  CHECK(norm.weight.leaf() == leaf);
  CHECK(norm.weight.dtype() == DType::float64);
  CHECK(norm.running_var.dtype() == DType::float64);
  CHECK(norm.num_batches_tracked.dtype() == DType::int64);
  CHECK(contains(error_of([&] { norm.to(DType::int64); }), "BatchNorm1d::to: int64 is no floating dtype"));
}
