// nn/optim/sgd.cpp: stochastic gradient descent
#include "nn/optim/sgd.h"

#include "tensor/elementwise.h"

namespace weft::nn::optim {

void check_settings(const SgdOptions& o) {
  check_not_negative("Sgd", {{"lr", o.lr}, {"momentum", o.momentum}, {"weight_decay", o.weight_decay}});
  if (o.nesterov && o.momentum == 0) fail("Sgd", "nesterov without momentum; hint: set momentum, say 0.9");
  if (o.nesterov && o.dampening != 0) fail("Sgd", "nesterov with dampening {}; hint: leave it 0", o.dampening);
}

Sgd::Sgd(std::vector<ParamGroup<SgdOptions>> groups) : GroupedOptimizer("Sgd", std::move(groups)) {}
Sgd::Sgd(std::vector<Variable> parameters, SgdOptions options) : Sgd({{std::move(parameters), options}}) {}

std::vector<Kept> Sgd::kept(const SgdOptions&) const {
  return {{.name = "velocity", .always = false}};  // set_momentum() may have changed the setting
}

void Sgd::update(const Tensor& value, const Tensor& grad, const SgdOptions& o, ParameterState& state) {
  Tensor gradient = effective_gradient(value, grad, o.weight_decay, o.maximize);
  if (o.momentum != 0) {
    const bool first = !state.has("velocity");
    const Tensor& velocity = state.tensor("velocity", value);
    velocity.mul_(o.momentum).add_(gradient, first ? 1 : 1 - o.dampening);
    gradient = o.nesterov ? gradient + velocity * Scalar(o.momentum) : velocity;
  }
  value.add_(gradient, -o.lr);
}

}  // namespace weft::nn::optim
