// tests/nn/optim.cpp: optimisers against PyTorch's paths
#include <doctest/doctest.h>

#include "nn/nn.h"
#include "tests/fixtures/nn_fixture.h"

using namespace weft;
using namespace weft::test;
namespace optim = weft::nn::optim;

namespace {

using Make = std::function<std::unique_ptr<optim::Optimizer>(std::vector<Variable>)>;

template <class Optimizer, class Options>
Make all(Options options) {
  return [options](std::vector<Variable> p) { return std::make_unique<Optimizer>(std::move(p), options); };
}
Make sgd(optim::SgdOptions options) { return all<optim::Sgd>(options); }
Make adam(optim::AdamOptions options) { return all<optim::Adam>(options); }
Make adamw(optim::AdamWOptions options) { return all<optim::AdamW>(options); }
Make rmsprop(optim::RmsPropOptions options) { return all<optim::RmsProp>(options); }
Make adagrad(optim::AdagradOptions options) { return all<optim::Adagrad>(options); }

/// The first parameter with one set of options, the second with another.
template <class Optimizer, class Options>
Make groups(Options first, Options second) {
  return [first, second](std::vector<Variable> p) {
    return std::make_unique<Optimizer>(std::vector<optim::ParamGroup<Options>>{{{p[0]}, first}, {{p[1]}, second}});
  };
}

const std::map<std::string, Make>& optimisers() {
  using namespace optim;
  static const std::map<std::string, Make> table{
      {"sgd", sgd({.lr = 0.1})},
      {"sgd_momentum", sgd({.lr = 0.1, .momentum = 0.9})},
      {"sgd_weight_decay", sgd({.lr = 0.1, .weight_decay = 0.05})},
      {"sgd_nesterov", sgd({.lr = 0.05, .momentum = 0.8, .weight_decay = 0.01, .nesterov = true})},
      {"sgd_dampening", sgd({.lr = 0.1, .momentum = 0.9, .dampening = 0.3, .maximize = true})},
      {"sgd_groups",
       groups<Sgd, SgdOptions>({.lr = 0.1, .momentum = 0.9}, {.lr = 0.02, .momentum = 0.9, .weight_decay = 0.1})},
      {"adam", adam({.lr = 0.01})},
      {"adam_weight_decay", adam({.lr = 0.02, .beta1 = 0.8, .beta2 = 0.95, .eps = 1e-6, .weight_decay = 0.1})},
      {"adam_amsgrad", adam({.lr = 0.02, .weight_decay = 0.1, .amsgrad = true, .maximize = true})},
      {"adam_groups", groups<Adam, AdamOptions>({.lr = 0.02}, {.lr = 0.002, .beta1 = 0.5, .beta2 = 0.9})},
      {"adamw", adamw({})},
      {"adamw_weight_decay", adamw({.lr = 0.02, .weight_decay = 0.3})},
      {"adamw_amsgrad", adamw({.lr = 0.02, .amsgrad = true})},
      {"adamw_groups", groups<AdamW, AdamWOptions>({.lr = 0.02, .weight_decay = 0.2}, {.lr = 0.01, .weight_decay = 0})},
      {"rmsprop", rmsprop({})},
      {"rmsprop_weight_decay", rmsprop({.lr = 0.02, .weight_decay = 0.1, .momentum = 0.8})},
      {"rmsprop_centered", rmsprop({.lr = 0.02, .alpha = 0.9, .momentum = 0.5, .centered = true})},
      {"rmsprop_groups", groups<RmsProp, RmsPropOptions>({.lr = 0.02}, {.lr = 0.002, .alpha = 0.8})},
      {"adagrad", adagrad({})},
      {"adagrad_weight_decay",
       adagrad({.lr = 0.1, .lr_decay = 0.1, .weight_decay = 0.1, .initial_accumulator_value = 0.2})},
      {"adagrad_groups", groups<Adagrad, AdagradOptions>({.lr = 0.1}, {.lr = 0.01, .eps = 1e-3})}};
  return table;
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
}  // namespace

TEST_CASE("optimisers walk PyTorch's paths on cpu and reference") {
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
  CHECK(error_of([&] { adam.load_state_dict(state); }) ==
        "Adam::load_state_dict: 3 problems: missing 'exp_avg.0'; 'exp_avg_sq.0' is [3] float32, expected [2, 2] "
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
    const auto optimizer = make({p, watch(ones({1}))});
    p.leaf()->grad = full({3}, 0.5);
    const Tensor before = p.value();
    const uint64_t version = before.version();
    optimizer->step();
    CHECK(before.shares_storage_with(p.value()));
    CHECK(before.version() > version);
    CHECK(before.at({1}) != 1);
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
  CHECK(contains(error_of([&] { optim::Adam({p}, {.eps = -1}); }), "Adam: eps is -1"));
  CHECK(contains(error_of([&] { optim::AdamW({p}, {.beta2 = 2}); }), "AdamW: beta1 is 0.9, beta2 2"));
  CHECK(contains(error_of([&] { optim::RmsProp({p}, {.alpha = 1.5}); }), "RmsProp: alpha is 1.5"));
  CHECK(contains(error_of([&] { optim::Adagrad({p}, {.lr_decay = -1}); }), "Adagrad: lr_decay is -1"));
  CHECK(contains(error_of([&] { optim::Sgd({p}, {.momentum = 0.9, .dampening = 0.1, .nesterov = true}); }),
                 "Sgd: nesterov with dampening 0.1"));
  CHECK(contains(error_of([&] { optim::Sgd(std::vector<Variable>{}); }), "Optimizer: no parameters"));
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

TEST_CASE("ExponentialLR falls to its floor") {
  const optim::ExponentialLR schedule{.gamma = 0.999, .floor = 1e-4};
  CHECK(schedule(0.005, 0) == 0.005);
  CHECK(schedule(0.005, 100) == doctest::Approx(0.005 * std::pow(0.999, 100)));
  CHECK(schedule(0.005, 100000) == 1e-4);
}

TEST_CASE("groups: rates of their own, and settings that come back with the state") {
  const Variable a = watch(ones({1})), b = watch(ones({1}));
  optim::Sgd sgd({{{a}, {.lr = 0.1}}, {{b}, {.lr = 0.2, .momentum = 0.5}}});
  CHECK(sgd.lr() == 0.1);
  CHECK(sgd.lr(1) == 0.2);
  sgd.set_lr(1, 0.4);
  const auto state = sgd.state_dict();
  sgd.set_lr(0.7);
  CHECK(sgd.lr(0) == 0.7);
  CHECK(sgd.lr(1) == 0.7);
  sgd.load_state_dict(state);
  CHECK(sgd.lr(1) == 0.4);
  CHECK(sgd.groups()[1].options.momentum == 0.5);
  CHECK(contains(error_of([&] { sgd.set_lr(0, -1); }), "Sgd: lr is -1"));
  CHECK(contains(error_of([&] { sgd.lr(2); }), "Sgd: there is no group 2; hint: groups are 0..1"));
  auto broken = state;
  broken["group.0.lr"] = full({}, -1, {.dtype = DType::float64});
  CHECK(contains(error_of([&] { sgd.load_state_dict(broken); }), "Sgd: lr is -1"));
  broken.erase("group.0.lr");
  CHECK(contains(error_of([&] { sgd.load_state_dict(broken); }), "1 problem: missing 'group.0.lr'"));
}

TEST_CASE("clip_grad_value_ cuts every element") {
  const Variable p = watch(zeros({3}));
  p.leaf()->grad = tensor<float>({-3, 0.5, 4});
  optim::clip_grad_value_({p, watch(ones({1}))}, 1);
  CHECK(p.grad().to_vector<float>() == std::vector<float>{-1, 0.5, 1});
  CHECK(contains(error_of([&] { optim::clip_grad_value_({p}, NAN); }), "clip_grad_value_: max_value is nan"));
}
