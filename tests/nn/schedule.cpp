// tests/nn/schedule.cpp: schedules against PyTorch's, applied to two groups
#include "nn/optim/schedule.h"

#include <doctest/doctest.h>

#include "nn/nn.h"
#include "tests/nn/training_fixture.h"

using namespace weft;
using namespace weft::test;
using namespace weft::nn::optim;

namespace {

const std::map<std::string, Schedule>& schedules() {
  static const std::map<std::string, Schedule> table{
      {"constant", ConstantLR{0.25, 7}},
      {"linear", LinearLR{0.1, 0.9, 12}},
      {"step", StepLR{7, 0.5}},
      {"multi_step", MultiStepLR{{3, 10, 10, 31}, 0.3}},
      {"exponential", ExponentialLR{.gamma = 0.93}},
      {"polynomial", PolynomialLR{30, 1.7}},
      {"cosine", CosineAnnealingLR{20, 0.003}},
      {"restarts", CosineAnnealingWarmRestarts{5, 1, 0.002}},
      {"restarts_longer", CosineAnnealingWarmRestarts{5, 2, 0.002}},
      {"one_cycle", OneCycleLR{.total_steps = 50}},
      {"one_cycle_linear",
       OneCycleLR{.total_steps = 50, .pct_start = 0.4, .anneal = Anneal::linear, .three_phase = true}},
      {"lambda", LambdaLR{[](int64_t t) { return 1.0 / static_cast<double>(1 + t); }}},
      {"sequential", SequentialLR{{LinearLR{0.1, 1, 5}, ExponentialLR{.gamma = 0.9}}, {5}}},
      {"chained", ChainedLR{{LinearLR{0.1, 1, 8}, ExponentialLR{.gamma = 0.95}}}}};
  return table;
}

struct TwoGroups {
  SGD sgd{{{{watch(ones({1}))}, {.lr = 0.1}}, {{watch(ones({1}))}, {.lr = 0.01}}}};
  bool near(const Tensor& rates, int64_t t) const {
    return std::fabs(sgd.lr(0) - rates.at({t, 0})) < 1e-12 && std::fabs(sgd.lr(1) - rates.at({t, 1})) < 1e-12;
  }
};

}  // namespace

TEST_CASE("schedules give PyTorch's rates for 50 steps, also from a state loaded half way") {
  for (const auto& [name, schedule] : schedules()) {
    CAPTURE(name);
    const Tensor rates = training_fixture().at("schedule " + name);
    TwoGroups groups;
    LrScheduler scheduler(groups.sgd, schedule);
    for (int64_t t = 0; t < 50; ++t) {
      CAPTURE(t);
      REQUIRE(groups.near(rates, t));
      if (t == 25) {
        TwoGroups others;
        LrScheduler later(others.sgd, schedule);
        later.load_state_dict(scheduler.state_dict());
        CHECK(others.near(rates, t));
        CHECK(later.steps() == 25);
      }
      scheduler.step();
    }
  }
}

TEST_CASE("ReduceLROnPlateau gives PyTorch's rates, also from a state loaded half way") {
  const std::vector<double> metrics = training_fixture().at("metrics").to_vector<double>();
  for (const auto& [name, goal] : std::map<std::string, Goal>{{"min", Goal::min}, {"max", Goal::max}}) {
    CAPTURE(name);
    PlateauOptions options{.goal = goal, .factor = 0.3, .patience = 3, .cooldown = 2, .min_lr = 0.0005};
    if (goal == Goal::max) options.threshold = 0.01, options.threshold_mode = ThresholdMode::absolute;
    const Tensor rates = training_fixture().at("plateau " + name);
    TwoGroups groups;
    auto plateau = std::make_unique<ReduceLROnPlateau>(groups.sgd, options);
    for (size_t t = 0; t < metrics.size(); ++t) {
      CAPTURE(t);
      plateau->step(metrics[t]);
      REQUIRE(groups.near(rates, static_cast<int64_t>(t)));
      const auto state = plateau->state_dict();
      plateau = std::make_unique<ReduceLROnPlateau>(groups.sgd, options);
      plateau->load_state_dict(state);
    }
  }
}

namespace {

template <class Optimizer>
void check_momenta(std::string_view torch_name) {
  const OneCycleLR linear{.total_steps = 50,
                          .pct_start = 0.4,
                          .anneal = Anneal::linear,
                          .three_phase = true,
                          .base_momentum = 0.5,
                          .max_momentum = 0.99};
  for (const auto& [name, cycle] :
       std::map<std::string, OneCycleLR>{{"one_cycle", OneCycleLR{.total_steps = 50}}, {"one_cycle_linear", linear}}) {
    CAPTURE(name);
    const Tensor wanted = training_fixture().at(fmt::format("momentum {} {}", name, torch_name));
    Optimizer optimizer({watch(ones({1}))}, {.lr = 0.1});
    // Within other schedules the momentum is still the cycle's.
    LrScheduler scheduler(optimizer, SequentialLR{{ChainedLR{{cycle, LambdaLR{[](int64_t) { return 1.0; }}}}}, {}});
    for (int64_t t = 0; t < 50; ++t) {
      CAPTURE(t);
      REQUIRE(std::fabs(optimizer.lr() - wanted.at({t, 0})) < 1e-12);
      REQUIRE(std::fabs(*optimizer.momentum() - wanted.at({t, 1})) < 1e-12);
      scheduler.step();
    }
  }
}

}  // namespace

TEST_CASE("OneCycleLR gives PyTorch's momentum, and Adam's beta1") {
  check_momenta<SGD>("SGD");
  check_momenta<Adam>("Adam");
}

TEST_CASE("momentum: left alone by other schedules, refused by an optimiser that has none") {
  SGD sgd({watch(ones({1}))}, {.lr = 0.1, .momentum = 0.7});
  LrScheduler(sgd, StepLR{2}).step();
  CHECK(sgd.momentum() == 0.7);
  LrScheduler(sgd, OneCycleLR{.total_steps = 5, .cycle_momentum = false}).step();
  CHECK(sgd.momentum() == 0.7);
  CHECK(contains(error_of([&] { sgd.set_momentum(0, -1); }), "SGD: momentum is -1"));
  CHECK(contains(error_of([&] { sgd.set_momentum(1, 0.5); }), "SGD: there is no group 1"));
  CHECK(sgd.momentum() == 0.7);
  Adagrad adagrad({watch(ones({1}))});
  CHECK_FALSE(adagrad.momentum().has_value());
  CHECK(contains(error_of([&] { LrScheduler(adagrad, OneCycleLR{.total_steps = 5}); }),
                 "Adagrad: it has no momentum to set; hint: OneCycleLR{.cycle_momentum = false}"));
  // A rise of one step begins at the top.
  CHECK(OneCycleLR{.total_steps = 10, .pct_start = 0.1}(1, 0) == 1);
}

TEST_CASE("a step or a state that is refused changes neither scheduler nor optimiser") {
  const auto optimizer_of = [] {
    return SGD(
        {{{watch(ones({1}))}, {.lr = 0.1, .momentum = 0.7}}, {{watch(ones({1}))}, {.lr = 0.2, .momentum = 0.6}}});
  };
  // Beyond the last step; a rate below 0 in the second group alone; and a momentum below 0.
  const Schedule second_below_zero = [](double base, int64_t t) { return base == 0.2 && t == 5 ? -1 : base; };
  struct Falling {
    double operator()(double base, int64_t) const { return base / 2; }
    std::optional<double> momentum(int64_t t) const { return 0.5 - 0.125 * static_cast<double>(t); }
  };
  for (const Schedule& schedule : {Schedule(OneCycleLR{.total_steps = 4}), second_below_zero, Schedule(Falling{})}) {
    SGD sgd = optimizer_of();
    LrScheduler scheduler(sgd, schedule);
    for (int64_t t = 0; t < 4; ++t) scheduler.step();
    const auto settings = sgd.state_dict();
    const auto unchanged = [&] {
      for (const auto& [name, number] : sgd.state_dict()) CHECK(largest_difference(number, settings.at(name)) == 0);
      CHECK(scheduler.steps() == 4);
      CHECK(scheduler.state_dict().at("base_lr").to_vector<double>() == std::vector<double>{0.1, 0.2});
    };
    CHECK_FALSE(error_of([&] { scheduler.step(); }).empty());
    unchanged();
    auto state = scheduler.state_dict();
    state["step"] = scalar(5, {.dtype = DType::int64});
    CHECK_FALSE(error_of([&] { scheduler.load_state_dict(state); }).empty());
    unchanged();
    state = scheduler.state_dict();
    state["step"] = scalar(1, {.dtype = DType::int64});
    state["base_lr"] = tensor<double>({0.3, -1});
    CHECK(contains(error_of([&] { scheduler.load_state_dict(state); }), "SGD: lr is -"));
    unchanged();
  }
  SGD sgd = optimizer_of();
  CHECK(contains(error_of([&] { LrScheduler(sgd, [](double base, int64_t) { return base == 0.2 ? -1 : 1.0; }); }),
                 "SGD: lr is -1"));
  CHECK(sgd.lr(0) == 0.1);
}

TEST_CASE("PiecewiseLR steps from value to value") {
  const PiecewiseLR schedule{{10, 20}, {0.1, 0.02, 0.005}};
  CHECK(schedule(1, 0) == 0.1);
  CHECK(schedule(1, 9) == 0.1);
  CHECK(schedule(1, 10) == 0.02);
  CHECK(schedule(1, 1000) == 0.005);
}

TEST_CASE("schedules refuse settings that make no sense") {
  CHECK(contains(error_of([] { StepLR{0}(1, 1); }), "StepLR: step_size is 0"));
  CHECK(contains(error_of([] { MultiStepLR{{5, 3}}(1, 1); }), "MultiStepLR: [5, 3] does not rise"));
  CHECK(contains(error_of([] { PiecewiseLR{{5}, {1}}(1, 1); }), "PiecewiseLR: 1 parts and 1 steps"));
  CHECK(contains(error_of([] { OneCycleLR{.total_steps = 5}(1, 6); }), "OneCycleLR: step 6 of 5"));
  CHECK(contains(error_of([] { OneCycleLR{.total_steps = 5, .pct_start = 2}(1, 1); }), "OneCycleLR: pct_start is 2"));
  CHECK(contains(error_of([] { OneCycleLR{.total_steps = 0}(1, 0); }), "OneCycleLR: total_steps is 0"));
  TwoGroups groups;
  CHECK(contains(error_of([&] { ReduceLROnPlateau(groups.sgd, {.factor = 1}); }), "factor is 1"));
  LrScheduler scheduler(groups.sgd, ExponentialLR{.gamma = 0.9});
  CHECK(contains(error_of([&] {
                   scheduler.load_state_dict({{"step", scalar(1, {.dtype = DType::int64})}});
                 }),
                 "LrScheduler::load_state_dict: 1 problem: missing 'base_lr'"));
  ReduceLROnPlateau plateau(groups.sgd);
  CHECK(contains(error_of([&] { plateau.load_state_dict({}); }), "ReduceLROnPlateau::load_state_dict: 3 problems"));
}
