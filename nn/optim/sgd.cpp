// nn/optim/sgd.cpp: stochastic gradient descent
#include "nn/optim/sgd.h"

#include <set>

#include "nn/optim/state.h"
#include "tensor/elementwise.h"

namespace weft::nn::optim {

Sgd::Sgd(std::vector<Variable> parameters, SgdOptions options)
    : Optimizer(std::move(parameters), options.lr), options_(options), velocity_(parameters_.size()) {
  if (!(options.lr >= 0 && options.momentum >= 0 && options.weight_decay >= 0)) {
    fail("Sgd", "lr is {}, momentum {}, weight_decay {}; hint: none is negative", options.lr, options.momentum,
         options.weight_decay);
  }
  if (options.nesterov && options.momentum == 0) fail("Sgd", "nesterov without momentum; hint: set momentum, say 0.9");
}

void Sgd::step() {
  const double momentum = options_.momentum;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    const Tensor& value = parameters_[i].value();
    Tensor gradient = parameters_[i].grad();
    if (!gradient.defined()) continue;
    if (options_.weight_decay != 0) gradient = gradient.clone().add_(value, options_.weight_decay);
    if (momentum != 0) {
      Tensor& velocity = velocity_[i];
      if (!velocity.defined()) velocity = gradient.clone();
      else velocity = velocity.to(value.device()).mul_(momentum).add_(gradient);
      gradient = options_.nesterov ? gradient.clone().add_(velocity, momentum) : velocity;
    }
    value.add_(gradient, -lr_);
  }
}

std::map<std::string, Tensor> Sgd::state_dict() const {
  std::map<std::string, Tensor> state;
  for (size_t i = 0; i < velocity_.size(); ++i) {
    if (velocity_[i].defined()) state.emplace(state_name("velocity", i), velocity_[i].clone());
  }
  return state;
}

void Sgd::load_state_dict(const std::map<std::string, Tensor>& state) {
  Problems problems;
  std::set<std::string> known;
  for (size_t i = 0; options_.momentum != 0 && i < parameters_.size(); ++i) {
    const std::string name = state_name("velocity", i);
    known.insert(name);
    check_fits(problems, state, name, parameters_[i]);
  }
  for (const auto& [name, tensor] : state) {
    if (!known.contains(name)) problems.add("unexpected '{}'", name);
  }
  problems.report("Sgd::load_state_dict");
  std::vector<Tensor> velocity;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    velocity.push_back(taken(state, state_name("velocity", i), parameters_[i]));
  }
  velocity_ = std::move(velocity);
}

}  // namespace weft::nn::optim
