// tests/nn/functional_call.cpp: modules that run with weights somebody else made
#include <doctest/doctest.h>

#include "nn/nn.h"
#include "tests/fixtures/nn_fixture.h"

using namespace weft;
using namespace weft::test;
using nn::functional_call;

namespace {

struct Pair : nn::Layer {
  explicit Pair(RandomStream& init, bool tied) : a(3, 3, init), b(3, 3, init) {
    if (tied) b.weight = a.weight;
    register_child("a", a);
    register_child("b", b);
  }
  std::string_view kind() const override { return "Pair"; }
  Variable operator()(const Variable& x) override { return b(a(x)); }
  nn::Linear a, b;
};

}  // namespace

TEST_CASE("functional_call: a constant takes a parameter's place for one run") {
  Streams streams(1);
  nn::Linear layer(2, 2, streams.init);
  const Variable x(ones({1, 2}));
  const Tensor before = layer(x).value();
  const Variable y = functional_call(layer, {{"weight", Variable(zeros({2, 2}))}}, x);
  CHECK(largest_difference(y.value().select(0, 0), layer.bias.value()) == 0);
  CHECK(largest_difference(layer(x).value(), before) == 0);
  CHECK(layer.weight.is_leaf());
}

TEST_CASE("functional_call: gradients flow into whatever made the weight, by dotted path") {
  Streams streams(2);
  nn::Sequential net(std::make_unique<nn::Linear>(2, 3, streams.init), std::make_unique<nn::Tanh>(),
                     std::make_unique<nn::Linear>(3, 1, streams.init));
  nn::Linear generator(4, 6, streams.init);
  const Variable z = watch(random_normal({1, 4}, streams.sample));
  const Tensor x = random_normal({5, 2}, streams.sample);
  Tape tape;
  const Variable made = reshape(generator(z), {3, 2});
  tape.backward(sum(square(functional_call(net, {{"0.weight", made}}, x))));
  CHECK(max(abs(z.grad())).item() > 0);
  CHECK(max(abs(generator.weight.grad())).item() > 0);
  const auto& first = dynamic_cast<nn::Linear&>(net[0]);
  CHECK_FALSE(first.weight.grad().defined());
  CHECK(first.bias.grad().defined());
}

TEST_CASE("functional_call: the gradient through a generated weight is right") {
  Streams streams(3);
  nn::Linear layer(2, 3, streams.init, nn::Bias::no);
  layer.weight = nn::Parameter(layer.weight.value().to(DType::float64));
  const auto f = [&](const std::vector<Variable>& in) {
    return functional_call(layer, {{"weight", reshape(tanh(in[0]), {3, 2})}}, in[1]);
  };
  const std::vector<Tensor> inputs{random_normal({6}, streams.sample, 0, 1, {.dtype = DType::float64}),
                                   random_normal({4, 2}, streams.sample, 0, 1, {.dtype = DType::float64})};
  CHECK(gradcheck(f, inputs) == "");
  CHECK(gradgradcheck(f, inputs) == "");
}

TEST_CASE("functional_call: the module is whole again after an exception") {
  Streams streams(1);
  Pair pair(streams.init, true);
  const auto leaf = pair.a.weight.leaf();
  const auto run = [&]() -> Variable {
    CHECK_FALSE(pair.a.weight.is_leaf());
    CHECK_FALSE(pair.b.weight.is_leaf());
    throw std::runtime_error("stop");
  };
  CHECK_THROWS_WITH_AS(functional_call(pair, {{"a.weight", Variable(zeros({3, 3}))}}, run), "stop", std::runtime_error);
  CHECK(pair.a.weight.leaf() == leaf);
  CHECK(pair.b.weight.leaf() == leaf);
}

TEST_CASE("functional_call: a shared weight is replaced wherever it is used, under any of its paths") {
  Streams streams(1);
  Pair pair(streams.init, true);
  for (const std::string path : {"a.weight", "b.weight"}) {
    const Variable y = functional_call(pair, {{path, Variable(zeros({3, 3}))}}, Variable(ones({1, 3})));
    CHECK(largest_difference(y.value().select(0, 0), pair.b.bias.value()) == 0);
  }
  const Variable w(zeros({3, 3}));
  CHECK(contains(error_of([&] {
                   functional_call(pair, {{"a.weight", w}, {"b.weight", w}}, w);
                 }),
                 "'b.weight' is given"));
}

TEST_CASE("functional_call: meanwhile optimisers and state dicts see the module's own leaves; calls nest") {
  Streams streams(1);
  Pair pair(streams.init, false);
  const auto leaf = pair.a.weight.leaf();
  const Variable zero(zeros({3, 3})), one(ones({3, 3}));
  functional_call(pair, {{"a.weight", zero}}, [&] {
    CHECK(pair.parameters()[0].leaf() == leaf);
    CHECK(largest_difference(pair.state_dict().at("a.weight"), leaf->value) == 0);
    functional_call(pair, {{"a.weight", one}}, [&] {
      CHECK(pair.a.weight.value().at({0, 0}) == 1);
      return one;
    });
    CHECK(pair.a.weight.value().at({0, 0}) == 0);
    return zero;
  });
  CHECK(pair.a.weight.leaf() == leaf);
}

TEST_CASE("functional_call lists unknown names and wrong shapes and dtypes before it runs") {
  Streams streams(1);
  Pair pair(streams.init, false);
  bool ran = false;
  const nn::Weights weights{{"a.wait", Variable(zeros({3, 3}))},
                            {"a.weight", Variable(zeros({3, 2}))},
                            {"b.bias", Variable(zeros({3}, {.dtype = DType::float64}))},
                            {"b.weight", Variable()}};
  const std::string error = error_of([&] {
    functional_call(pair, weights, [&] {
      ran = true;
      return Variable();
    });
  });
  CHECK(error ==
        "functional_call: 4 problems: no parameter 'a.wait'; 'a.weight' is [3, 3] float32, given is [3, 2] float32; "
        "'b.bias' is [3] float32, given is [3] float64; 'b.weight' is [3, 3] float32, the given weight is undefined");
  CHECK_FALSE(ran);
}
