// nn/optim/scheduler.cpp: setting the learning rates of an optimiser's groups
#include "nn/optim/scheduler.h"

#include <algorithm>
#include <limits>

#include "nn/state_reader.h"
#include "tensor/create.h"

namespace weft::nn::optim {

LrScheduler::LrScheduler(Optimizer& optimizer, Schedule schedule)
    : optimizer_(optimizer), schedule_(std::move(schedule)) {
  for (size_t group = 0; group < optimizer_.num_groups(); ++group) base_.push_back(optimizer_.lr(group));
  go_to(0, base_);
}

void LrScheduler::go_to(int64_t steps, std::vector<double> base) {
  // The schedule may throw, so it is asked for everything first.
  const std::optional<double> momentum = schedule_.momentum(steps);
  std::vector<double> rates;
  for (const double rate : base) rates.push_back(schedule_(rate, steps));
  struct Settings {
    double lr;
    std::optional<double> momentum;
  };
  std::vector<Settings> before;
  try {
    for (size_t group = 0; group < rates.size(); ++group) {
      before.push_back({optimizer_.lr(group), optimizer_.momentum(group)});
      if (momentum) optimizer_.set_momentum(group, *momentum);
      optimizer_.set_lr(group, rates[group]);
    }
  } catch (...) {  // a setting that the optimiser refuses
    for (size_t group = 0; group < before.size(); ++group) {
      if (before[group].momentum) optimizer_.set_momentum(group, *before[group].momentum);
      optimizer_.set_lr(group, before[group].lr);
    }
    throw;
  }
  steps_ = steps;
  base_ = std::move(base);
}

void LrScheduler::step() { go_to(steps_ + 1, base_); }

std::map<std::string, Tensor> LrScheduler::state_dict() const {
  return {{"step", count_entry(steps_)}, {"base_lr", from_data(base_, {static_cast<int64_t>(base_.size())}, cpu)}};
}

void LrScheduler::load_state_dict(const std::map<std::string, Tensor>& state) {
  Problems problems;
  StateReader reader(state, problems);
  const int64_t steps = reader.count("step");
  const Tensor base = reader.tensor("base_lr", {static_cast<int64_t>(base_.size())}, DType::float64);
  reader.check_all_known();
  problems.report("LrScheduler::load_state_dict");
  go_to(steps, base.to_vector<double>());
}

ReduceLROnPlateau::ReduceLROnPlateau(Optimizer& optimizer, PlateauOptions options)
    : optimizer_(optimizer), options_(options) {
  if (!(options.factor < 1)) fail("ReduceLROnPlateau", "factor is {}; hint: it lies below 1", options.factor);
  const double infinity = std::numeric_limits<double>::infinity();
  best_ = options.goal == Goal::min ? infinity : -infinity;
}

bool ReduceLROnPlateau::is_better(double metric) const {
  const double sign = options_.goal == Goal::min ? -1 : 1;
  if (options_.threshold_mode == ThresholdMode::absolute) {
    return sign * metric > sign * (best_ + sign * options_.threshold);
  }
  return sign * metric > sign * best_ * (1 + sign * options_.threshold);
}

void ReduceLROnPlateau::step(double metric) {
  if (is_better(metric)) {
    best_ = metric;
    bad_steps_ = 0;
  } else {
    ++bad_steps_;
  }
  if (cooldown_left_ > 0) {
    --cooldown_left_;
    bad_steps_ = 0;
  }
  if (bad_steps_ > options_.patience) {
    reduce();
    cooldown_left_ = options_.cooldown;
    bad_steps_ = 0;
  }
}

void ReduceLROnPlateau::reduce() {
  for (size_t group = 0; group < optimizer_.num_groups(); ++group) {
    const double before = optimizer_.lr(group), after = std::max(before * options_.factor, options_.min_lr);
    if (before - after > options_.eps) optimizer_.set_lr(group, after);
  }
}

std::map<std::string, Tensor> ReduceLROnPlateau::state_dict() const {
  return {
      {"best", number_entry(best_)}, {"bad_steps", count_entry(bad_steps_)}, {"cooldown", count_entry(cooldown_left_)}};
}

void ReduceLROnPlateau::load_state_dict(const std::map<std::string, Tensor>& state) {
  Problems problems;
  StateReader reader(state, problems);
  const double best = reader.number("best");
  const int64_t bad_steps = reader.count("bad_steps"), cooldown = reader.count("cooldown");
  reader.check_all_known();
  problems.report("ReduceLROnPlateau::load_state_dict");
  best_ = best;
  bad_steps_ = bad_steps;
  cooldown_left_ = cooldown;
}

}  // namespace weft::nn::optim
