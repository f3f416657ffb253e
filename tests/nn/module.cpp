// tests/nn/module.cpp: what modules derive from what they register
#include <doctest/doctest.h>

#include "nn/grouped.h"
#include "nn/nn.h"
#include "tests/fixtures/nn_fixture.h"

using namespace weft;
using namespace weft::test;

namespace {

/// Two layers of one size that may share their weight, a nested Sequential, and a buffer.
class Net : public nn::Layer {
 public:
  explicit Net(RandomStream& init, bool tied = false) : first(3, 3, init), second(3, 3, init) {
    if (tied) second.weight = first.weight;
    head.append(std::make_unique<nn::ReLU>());
    head.append(std::make_unique<nn::Linear>(3, 2, init));
    register_child("first", first);
    register_child("second", second);
    register_child("head", head);
    register_parameter("scale", scale);
    register_buffer("count", count);
  }
  std::string_view kind() const override { return "Net"; }
  Variable operator()(const Variable& x) override { return head(second(first(x)) * scale); }

  nn::Linear first, second;
  nn::Sequential head;
  nn::Parameter scale{ones({3})};
  Tensor count = zeros({1}, {.dtype = DType::int64});
};

class Registers : public nn::Module {
 public:
  std::string_view kind() const override { return "Registers"; }
  void parameter(std::string name) { register_parameter(std::move(name), weight); }
  void undefined() { register_parameter("undefined", nothing); }
  void undefined_buffer() { register_buffer("undefined", no_buffer); }
  nn::Parameter weight{zeros({1})}, nothing;
  Tensor no_buffer;
};

std::vector<std::string> names_of(const nn::Module& module) {
  std::vector<std::string> names;
  for (const auto& [name, parameter] : module.named_parameters()) names.push_back(name);
  return names;
}

}  // namespace

TEST_CASE("parameters are named by path, in order of registration") {
  Streams streams(1);
  const Net net(streams.init);
  CHECK(names_of(net) == std::vector<std::string>{"scale", "first.weight", "first.bias", "second.weight", "second.bias",
                                                  "head.1.weight", "head.1.bias"});
  CHECK(net.num_parameters() == 3 + 12 + 12 + 8);
  REQUIRE(net.named_buffers().size() == 1);
  CHECK(net.named_buffers()[0].first == "count");
  CHECK(net.children().size() == 3);
  CHECK(net.first.weight.leaf()->name == "weight");
}

TEST_CASE("a name is new, not empty, and holds no dot") {
  Registers module;
  module.parameter("weight");
  CHECK(contains(error_of([&] { module.parameter("weight"); }), "Registers::register_parameter: the name 'weight' is"));
  CHECK(contains(error_of([&] { module.parameter("a.b"); }), "'a.b' holds a dot"));
  CHECK(contains(error_of([&] { module.parameter(""); }), "empty"));
  CHECK(contains(error_of([&] { module.undefined(); }), "register_parameter: 'undefined' is undefined"));
  CHECK(contains(error_of([&] { module.undefined_buffer(); }), "register_buffer: 'undefined' is undefined"));
  CHECK(module.num_parameters() == 1);
}

TEST_CASE("a shared parameter is stored once and stays shared") {
  Streams streams(1);
  Net tied(streams.init, true);
  CHECK(names_of(tied) ==
        std::vector<std::string>{"scale", "first.weight", "first.bias", "second.bias", "head.1.weight", "head.1.bias"});
  nn::StateDict state = tied.state_dict();
  CHECK_FALSE(state.contains("second.weight"));
  state.at("first.weight").fill_(0.5);
  tied.load_state_dict(state);
  CHECK(tied.second.weight.value().at({2, 1}) == 0.5);
  tied.to(reference);
  CHECK(tied.second.weight.leaf() == tied.first.weight.leaf());
  CHECK(contains(tied.summary(), "(shared)"));

  Tape tape;
  tape.backward(sum(tied(Variable(ones({1, 3}, {.device = reference})))));
  CHECK(tied.second.weight.grad().defined());
  tied.zero_grad();
  CHECK_FALSE(tied.first.weight.grad().defined());
}

TEST_CASE("train and eval reach all children") {
  Streams streams(1);
  Net net(streams.init);
  CHECK(net.head[1].is_training());
  net.eval();
  CHECK_FALSE(net.is_training());
  CHECK_FALSE(net.head[1].is_training());
  net.train();
  CHECK(net.head[1].is_training());
}

TEST_CASE("state_dict clones; load_state_dict copies into the same leaves") {
  Streams streams(1);
  Net net(streams.init), other(streams.init);
  const nn::StateDict state = other.state_dict();
  const auto leaf = net.first.weight.leaf();
  const uint64_t version = net.first.weight.value().version();
  net.load_state_dict(state);
  CHECK(net.first.weight.leaf() == leaf);
  CHECK(net.first.weight.value().version() > version);
  for (const auto& [name, tensor] : net.state_dict()) CHECK(largest_difference(tensor, state.at(name)) == 0);
  CHECK(state.size() == 8);
  net.scale.value().fill_(7);
  CHECK(state.at("scale").at({0}) == 1);
}

TEST_CASE("load_state_dict lists every problem and changes nothing") {
  Streams streams(1);
  Net net(streams.init);
  nn::StateDict state = net.state_dict();
  for (auto& [name, tensor] : state) tensor.fill_(9);
  state.erase("head.1.bias");
  state["head.1.b"] = zeros({2});
  state["first.weight"] = zeros({3, 4});
  state["first.bias"] = zeros({3}, {.dtype = DType::int64});
  CHECK(error_of([&] { net.load_state_dict(state); }) ==
        "load_state_dict: 4 problems: missing 'head.1.bias'; unexpected 'head.1.b'; 'first.bias' is [3] float32, the "
        "state "
        "has [3] int64; 'first.weight' is [3, 3] float32, the state has [3, 4] float32");
  CHECK(contains(error_of([&] { net.load_state_dict(state, nn::Strict::no); }), "load_state_dict: 2 problems: 'first"));
  for (const auto& [name, tensor] : net.state_dict()) CHECK(tensor.flatten().at({0}) != 9);

  state.erase("first.weight");
  state.erase("first.bias");
  CHECK(error_of([&] { net.load_state_dict(state, nn::Strict::no); }).empty());
  CHECK(net.scale.value().at({0}) == 9);
  CHECK(net.first.weight.value().at({0, 0}) != 9);
}

TEST_CASE("a state of another floating dtype is cast, counts are not") {
  Streams streams(1);
  for (const DType own : {DType::float32, DType::float64}) {
    for (const DType given : {DType::float32, DType::float64, DType::bfloat16}) {
      CAPTURE(name_of(own));
      CAPTURE(name_of(given));
      Net net(streams.init, true), other(streams.init, true);
      net.to(own);
      const auto leaf = net.first.weight.leaf();
      nn::StateDict state = other.state_dict();
      for (auto& [name, tensor] : state) {
        if (is_floating(tensor.dtype())) tensor = tensor.to(given);
      }
      state["second.weight"] = state.at("first.weight").clone();
      net.load_state_dict(state);
      CHECK(net.first.weight.leaf() == leaf);
      for (const auto& [name, parameter] : net.named_parameters()) {
        CHECK(parameter.dtype() == own);
        CHECK(largest_difference(parameter.value(), state.at(name).to(own)) == 0);
      }
    }
  }
  Net net(streams.init);
  CHECK(contains(error_of([&] {
                   net.load_state_dict({{"count", zeros({1})}}, nn::Strict::no);
                 }),
                 "'count' is [1] int64, the state has [1] float32"));
}

TEST_CASE("what is shared loads by any of its paths, and by several with the same values") {
  Streams streams(1);
  struct Twice : nn::Module {
    explicit Twice(RandomStream& init) : net(init, true) {
      register_child("a", net);
      register_child("b", net);
    }
    std::string_view kind() const override { return "Twice"; }
    Net net;
  } twice(streams.init);
  const nn::StateDict own = twice.state_dict();
  CHECK(own.size() == 7);
  nn::StateDict whole;  // as PyTorch writes it: every path
  for (const auto& [name, tensor] : own) {
    for (const char* copy : {"a", "b"}) whole[copy + name.substr(1)] = tensor + 1;
  }
  for (const char* copy : {"a", "b"}) whole[std::string(copy) + ".second.weight"] = own.at("a.first.weight") + 1;
  const auto load = [&](const nn::StateDict& state) { return error_of([&] { twice.load_state_dict(state); }); };
  const auto added = [&] { return (twice.net.second.weight.value() - own.at("a.first.weight")).at({0, 0}); };
  CHECK(load(whole) == "");
  CHECK(added() == doctest::Approx(1));
  nn::StateDict second;  // the last path of each alone
  for (const auto& [name, tensor] : own) second["b" + name.substr(1)] = tensor + 2;
  second["b.second.weight"] = second.at("b.first.weight");
  second.erase("b.first.weight");
  CHECK(load(second) == "");
  CHECK(added() == doctest::Approx(2));
  CHECK(twice.net.count.at({0}) == 2);

  nn::StateDict parted = whole;
  parted["b.second.weight"] = own.at("a.first.weight");
  CHECK(
      load(parted) ==
      "load_state_dict: 1 problem: 'a.first.weight' and 'b.second.weight' are one tensor here, the state has two that "
      "differ");
  second.erase("b.second.weight");
  CHECK(load(second) == "load_state_dict: 1 problem: missing 'a.first.weight'");
  CHECK(added() == doctest::Approx(2));
}

TEST_CASE("to(device) keeps the leaves and drops gradients") {
  Streams streams(1);
  Net net(streams.init);
  const Tensor before = net(ones({2, 3})).value();
  {
    Tape tape;
    tape.backward(sum(net(Variable(ones({2, 3})))));
  }
  CHECK(net.scale.grad().defined());
  const auto leaf = net.scale.leaf();
  net.to(reference);
  CHECK(net.scale.leaf() == leaf);
  CHECK(net.scale.device() == reference);
  CHECK(net.count.device() == reference);
  CHECK_FALSE(net.scale.grad().defined());
  CHECK(largest_difference(net(ones({2, 3}, {.device = reference})).value(), before) < 1e-6);
}

TEST_CASE("summary is an aligned table") {
  Streams streams(1);
  const std::string table = Net(streams.init).summary();
  size_t width = std::string::npos, lines = 0, start = 0;
  for (size_t end; (end = table.find('\n', start)) != std::string::npos; start = end + 1, ++lines) {
    if (width == std::string::npos) width = end - start;
    CHECK(end - start == width);
  }
  CHECK(lines == 8);  // head, six modules, total
  CHECK(contains(table, "head.1  Linear"));
  CHECK(contains(table, "weight [2, 3], bias [2]"));
  CHECK(contains(table, "35\n"));
  CHECK(contains(nn::Linear(1000, 1234, streams.init).summary(), "1,235,234\n"));
}

TEST_CASE("Sequential chains, names by number and checks its index") {
  Streams streams(1);
  nn::Sequential net(std::make_unique<nn::Linear>(2, 3, streams.init), std::make_unique<nn::ReLU>(),
                     std::make_unique<nn::Linear>(3, 1, streams.init));
  CHECK(net.size() == 3);
  CHECK(names_of(net) == std::vector<std::string>{"0.weight", "0.bias", "2.weight", "2.bias"});
  const Variable x(ones({4, 2}));
  CHECK(largest_difference(net(x).value(), net[2](net[1](net[0](x))).value()) == 0);
  CHECK(contains(error_of([&] { net[3]; }), "Sequential: layer 3 is out of range: there are 3"));
  CHECK(contains(error_of([&] { net[-1]; }), "out of range"));
  CHECK(contains(error_of([&] { net.append(nullptr); }), "layer 3 is null"));
  CHECK(nn::Sequential()(x).shape() == x.shape());
}

TEST_CASE("grouped: a comma before every three digits") {
  CHECK(nn::grouped(0) == "0");
  CHECK(nn::grouped(999) == "999");
  CHECK(nn::grouped(12544) == "12,544");
  CHECK(nn::grouped(-123456) == "-123,456");
  CHECK(nn::grouped(-1234567) == "-1,234,567");
}
