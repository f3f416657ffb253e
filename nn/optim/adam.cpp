// nn/optim/adam.cpp: Adam
#include "nn/optim/adam.h"

#include <cmath>
#include <set>

#include "nn/optim/state.h"
#include "tensor/backend.h"
#include "tensor/create.h"

namespace weft::nn::optim {
namespace {

bool in_unit_interval(double beta) { return beta >= 0 && beta < 1; }

/// The "step" entry as counts, or no counts and a problem.
std::vector<int64_t> checked_steps(Problems& problems, const std::map<std::string, Tensor>& state, size_t parameters) {
  const auto found = state.find("step");
  if (found == state.end()) {
    problems.add("missing 'step'");
    return {};
  }
  const Tensor& step = found->second;
  if (!step.defined() || step.dtype() != DType::int64 || step.shape() != Shape{static_cast<int64_t>(parameters)}) {
    problems.add("'step' is {}, expected [{}] int64", step.defined() ? shape_and_dtype(step) : "undefined", parameters);
    return {};
  }
  std::vector<int64_t> counts = step.to_vector<int64_t>();
  for (const int64_t count : counts) {
    if (count < 0) problems.add("'step' holds {}, counts are at least 0", count);
  }
  return counts;
}

}  // namespace

Adam::Adam(std::vector<Variable> parameters, AdamOptions options)
    : Optimizer(std::move(parameters), options.lr),
      options_(options),
      steps_(parameters_.size()),
      exp_avg_(parameters_.size()),
      exp_avg_sq_(parameters_.size()) {
  if (!in_unit_interval(options.beta1) || !in_unit_interval(options.beta2)) {
    fail("Adam", "beta1 is {}, beta2 {}; hint: both lie in [0, 1)", options.beta1, options.beta2);
  }
  if (!(options.lr >= 0 && options.eps >= 0 && options.weight_decay >= 0)) {
    fail("Adam", "lr is {}, eps {}, weight_decay {}; hint: none is negative", options.lr, options.eps,
         options.weight_decay);
  }
}

void Adam::step() {
  for (size_t i = 0; i < parameters_.size(); ++i) {
    const Tensor& value = parameters_[i].value();
    const Tensor& gradient = parameters_[i].grad();
    if (!gradient.defined() || value.numel() == 0) continue;
    Tensor &mean = exp_avg_[i], &square = exp_avg_sq_[i];
    mean = mean.defined() ? mean.to(value.device()) : zeros_like(value);
    square = square.defined() ? square.to(value.device()) : zeros_like(value);
    const auto t = static_cast<double>(++steps_[i]);
    value.backend().adam_step(value, gradient, mean, square,
                              {.beta1 = options_.beta1,
                               .beta2 = options_.beta2,
                               .eps = options_.eps,
                               .step_size = lr_ / (1 - std::pow(options_.beta1, t)),
                               .bias_correction2_sqrt = std::sqrt(1 - std::pow(options_.beta2, t)),
                               .weight_decay = options_.weight_decay});
    value.bump_version();
  }
}

std::map<std::string, Tensor> Adam::state_dict() const {
  std::map<std::string, Tensor> state;
  state.emplace("step", from_data(steps_, {static_cast<int64_t>(steps_.size())}, cpu));
  for (size_t i = 0; i < steps_.size(); ++i) {
    if (!exp_avg_[i].defined()) continue;
    state.emplace(state_name("exp_avg", i), exp_avg_[i].clone());
    state.emplace(state_name("exp_avg_sq", i), exp_avg_sq_[i].clone());
  }
  return state;
}

void Adam::load_state_dict(const std::map<std::string, Tensor>& state) {
  Problems problems;
  const std::vector<int64_t> steps = checked_steps(problems, state, parameters_.size());
  std::set<std::string> known{"step"};
  for (size_t i = 0; i < parameters_.size(); ++i) {
    for (const std::string& name : {state_name("exp_avg", i), state_name("exp_avg_sq", i)}) {
      known.insert(name);
      if (i < steps.size() && steps[i] > 0 && !state.contains(name)) problems.add("missing '{}'", name);
      check_fits(problems, state, name, parameters_[i]);
    }
  }
  for (const auto& [name, tensor] : state) {
    if (!known.contains(name)) problems.add("unexpected '{}'", name);
  }
  problems.report("Adam::load_state_dict");
  std::vector<Tensor> means, squares;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    means.push_back(taken(state, state_name("exp_avg", i), parameters_[i]));
    squares.push_back(taken(state, state_name("exp_avg_sq", i), parameters_[i]));
  }
  steps_ = steps;
  exp_avg_ = std::move(means);
  exp_avg_sq_ = std::move(squares);
}

}  // namespace weft::nn::optim
