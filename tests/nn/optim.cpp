// tests/nn/optim.cpp: optimisers against PyTorch's paths
#include <doctest/doctest.h>

#include "nn/nn.h"
#include "tests/fixtures/nn_fixture.h"

using namespace weft;
using namespace weft::test;
namespace optim = weft::nn::optim;

namespace {

using Make = std::function<std::unique_ptr<optim::Optimizer>(std::vector<Variable>)>;

Make sgd(optim::SgdOptions options) {
  return [options](std::vector<Variable> p) { return std::make_unique<optim::Sgd>(std::move(p), options); };
}
Make adam(optim::AdamOptions options) {
  return [options](std::vector<Variable> p) { return std::make_unique<optim::Adam>(std::move(p), options); };
}

const std::map<std::string, Make>& optimisers() {
  static const std::map<std::string, Make> all{
      {"sgd", sgd({.lr = 0.1})},
      {"sgd_momentum", sgd({.lr = 0.1, .momentum = 0.9})},
      {"sgd_weight_decay", sgd({.lr = 0.1, .weight_decay = 0.05})},
      {"sgd_nesterov", sgd({.lr = 0.05, .momentum = 0.8, .weight_decay = 0.01, .nesterov = true})},
      {"adam", adam({.lr = 0.01})},
      {"adam_weight_decay", adam({.lr = 0.02, .beta1 = 0.8, .beta2 = 0.95, .eps = 1e-6, .weight_decay = 0.1})}};
  return all;
}

/// The fixture's two parameters; `late` gets its first gradient in the fourth step.
struct Path {
  explicit Path(const Fixture& fixture, Device device = cpu) : fixture_(fixture) {
    for (const std::string name : {"weight", "late"}) {
      parameters[name] = watch(fixture.at("start." + name).clone().to(device), name);
    }
  }
  std::vector<Variable> list() const { return {parameters.at("weight"), parameters.at("late")}; }

  void step(optim::Optimizer& optimizer, size_t i) {
    for (const auto& [name, parameter] : parameters) {
      parameter.zero_grad();
      const auto gradient = fixture_.find(fmt::format("gradients.{}.{}", i, name));
      if (gradient != fixture_.end()) parameter.leaf()->grad = like(parameter, gradient->second);
    }
    optimizer.step();
  }

  double error_after(const std::string& kind, size_t i) const {
    double worst = 0;
    for (const auto& [name, parameter] : parameters) {
      const Tensor expected = like(parameter, fixture_.at(fmt::format("paths.{}.{}.{}", kind, i, name)));
      worst = std::max(worst, largest_difference(parameter.value(), expected));
    }
    return worst;
  }

  static Tensor like(const Variable& parameter, const Tensor& values) {
    return values.clone().reshape(parameter.shape()).to(parameter.device());
  }

  std::map<std::string, Variable> parameters;

 private:
  const Fixture& fixture_;
};

constexpr size_t kSteps = 20;
constexpr double kTolerance = 1e-12;

}  // namespace

TEST_CASE("SGD and Adam walk PyTorch's paths on cpu and reference") {
  const Fixture fixture = load_fixture("nn_optim.json");
  for (const Device device : {cpu, reference}) {
    for (const auto& [kind, make] : optimisers()) {
      CAPTURE(kind);
      Path path(fixture, device);
      const auto optimizer = make(path.list());
      for (size_t i = 0; i < kSteps; ++i) {
        path.step(*optimizer, i);
        REQUIRE(path.error_after(kind, i) < kTolerance);
      }
    }
  }
}

TEST_CASE("an optimiser continues from its saved state, and after a move") {
  const Fixture fixture = load_fixture("nn_optim.json");
  for (const auto& [kind, make] : optimisers()) {
    CAPTURE(kind);
    Path path(fixture);
    auto optimizer = make(path.list());
    for (size_t i = 0; i < 10; ++i) path.step(*optimizer, i);
    const auto state = optimizer->state_dict();
    optimizer = make(path.list());
    optimizer->load_state_dict(state);
    for (const auto& [name, parameter] : path.parameters) parameter.leaf()->value = parameter.value().to(reference);
    for (size_t i = 10; i < kSteps; ++i) path.step(*optimizer, i);
    CHECK(path.error_after(kind, kSteps - 1) < kTolerance);
  }
}

TEST_CASE("an optimiser's state before the first gradient loads too") {
  const Fixture fixture = load_fixture("nn_optim.json");
  Path path(fixture);
  optim::Adam first(path.list()), second(path.list());
  path.step(first, 0);
  const auto state = first.state_dict();
  CHECK(state.contains("exp_avg.0"));
  CHECK_FALSE(state.contains("exp_avg.1"));
  CHECK(state.at("step").to_vector<int64_t>() == std::vector<int64_t>{1, 0});
  second.load_state_dict(state);
  CHECK(second.state_dict().size() == state.size());
}

TEST_CASE("a state that does not fit is refused with all its problems") {
  const Fixture fixture = load_fixture("nn_optim.json");
  Path path(fixture);
  optim::Adam adam(path.list());
  path.step(adam, 0);
  auto state = adam.state_dict();
  state.erase("exp_avg.0");
  state["exp_avg_sq.0"] = zeros({3});
  state["velocity.0"] = zeros({2, 2});
  CHECK(
      error_of([&] { adam.load_state_dict(state); }) ==
      "Adam::load_state_dict: 3 problems: missing 'exp_avg.0'; 'exp_avg_sq.0' is [3] float32, its parameter is [2, 2] "
      "float64; unexpected 'velocity.0'");
  state["step"] = zeros({3}, {.dtype = DType::int64});
  CHECK(contains(error_of([&] { adam.load_state_dict(state); }), "'step' is [3] int64, expected [2] int64"));
  CHECK(adam.state_dict().contains("exp_avg.0"));
  optim::Sgd sgd(path.list(), {.momentum = 0.9});
  CHECK(contains(error_of([&] { sgd.load_state_dict({{"velocity.2", zeros({1})}}); }), "unexpected 'velocity.2'"));
}

TEST_CASE("a step changes the value in place, leaves the gradient alone and is seen by the tape") {
  for (const auto& [kind, make] : optimisers()) {
    CAPTURE(kind);
    const Variable p = watch(ones({3}));
    const auto optimizer = make({p});
    p.leaf()->grad = full({3}, 0.5);
    const Tensor before = p.value();
    const uint64_t version = before.version();
    optimizer->step();
    CHECK(before.shares_storage_with(p.value()));
    CHECK(before.version() > version);
    CHECK(before.at({1}) < 1);
    optimizer->step();
    CHECK(largest_difference(p.grad(), full({3}, 0.5)) == 0);
    optimizer->zero_grad();
    CHECK_FALSE(p.grad().defined());
  }
}

TEST_CASE("optimisers refuse settings and parameters that make no sense") {
  const Variable p = watch(ones({1}));
  CHECK(contains(error_of([&] { optim::Sgd({p}, {.nesterov = true}); }), "Sgd: nesterov without momentum"));
  CHECK(contains(error_of([&] { optim::Sgd({p}, {.lr = -1}); }), "Sgd: lr is -1"));
  CHECK(contains(error_of([&] { optim::Adam({p}, {.beta1 = 1}); }), "Adam: beta1 is 1"));
  CHECK(contains(error_of([&] { optim::Adam({p}, {.eps = -1}); }), "eps -1"));
  CHECK(contains(error_of([&] { optim::Sgd({}); }), "Optimizer: no parameters"));
  CHECK(contains(error_of([&] { optim::Sgd({p, Variable(ones({1}))}); }), "parameter 1 of 2 is not a leaf"));
  CHECK(contains(error_of([&] { optim::Adam({p, p}); }), "parameter 1 of 2 is named twice"));
}

TEST_CASE("clip_grad_norm_ equals PyTorch") {
  const Fixture fixture = load_fixture("nn_optim.json");
  std::vector<Variable> parameters;
  for (const std::string place : {"0", "1"}) {
    const Tensor gradient = fixture.at("clip.before." + place).clone();
    parameters.push_back(watch(zeros_like(gradient)));
    parameters.back().leaf()->grad = gradient;
  }
  parameters.push_back(watch(ones({2})));  // without a gradient
  const double norm = optim::clip_grad_norm_(parameters, fixture.at("clip.max_norm").item());
  CHECK(norm == doctest::Approx(fixture.at("clip.norm").item()).epsilon(1e-14));
  for (size_t i = 0; i < 2; ++i) {
    CHECK(largest_difference(parameters[i].grad(), fixture.at("clip.after." + std::to_string(i))) < kTolerance);
  }
}

TEST_CASE("clip_grad_norm_: small, zero and non-finite norms") {
  const Variable p = watch(zeros({2}));
  p.leaf()->grad = tensor<float>({3, 4});
  CHECK(optim::clip_grad_norm_({p}, 10) == 5);
  CHECK(p.grad().to_vector<float>() == std::vector<float>{3, 4});
  CHECK(optim::clip_grad_norm_({p, p}, 10) == 5);
  p.leaf()->grad = tensor<float>({0, 0});
  CHECK(optim::clip_grad_norm_({p}, 1) == 0);
  CHECK(p.grad().at({0}) == 0);
  p.leaf()->grad = tensor<float>({INFINITY, 1});
  CHECK(optim::clip_grad_norm_({p}, 1) == INFINITY);
  CHECK(std::isnan(p.grad().at({0})));
  CHECK(p.grad().at({1}) == 0);
  p.leaf()->grad = tensor<float>({NAN, 1});
  CHECK(std::isnan(optim::clip_grad_norm_({p}, 1)));
  CHECK(std::isnan(p.grad().at({1})));
  CHECK(contains(error_of([&] { optim::clip_grad_norm_({p}, -1); }), "clip_grad_norm_: max_norm is -1"));
}

TEST_CASE("ExponentialDecay falls to its floor") {
  const optim::ExponentialDecay schedule{.initial = 0.005, .decay = 0.999, .floor = 1e-4};
  CHECK(schedule(0) == 0.005);
  CHECK(schedule(100) == doctest::Approx(0.005 * std::pow(0.999, 100)));
  CHECK(schedule(100000) == 1e-4);
}
