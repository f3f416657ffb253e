// nn/optim/sgd.cpp: stochastic gradient descent
#include "nn/optim/sgd.h"

#include "tensor/elementwise.h"

namespace weft::nn::optim {

void check_settings(const SGDOptions& o) {
  check_not_negative("SGD", {{"lr", o.lr}, {"momentum", o.momentum}, {"weight_decay", o.weight_decay}});
  if (o.nesterov && o.momentum == 0) fail("SGD", "nesterov without momentum; hint: set momentum, say 0.9");
  if (o.nesterov && o.dampening != 0) fail("SGD", "nesterov with dampening {}; hint: leave it 0", o.dampening);
}

SGD::SGD(std::vector<ParamGroup<SGDOptions>> groups) : GroupedOptimizer("SGD", std::move(groups)) {}
SGD::SGD(std::vector<Variable> parameters, SGDOptions options) : SGD({{std::move(parameters), options}}) {}

std::vector<Kept> SGD::kept(const SGDOptions&) const {
  return {{.name = "momentum_buffer",
           .former = "velocity",
           .always = false}};  // set_momentum() may have changed the setting
}

void SGD::update(const Tensor& value, const Tensor& grad, const SGDOptions& o, ParameterState& state) {
  Tensor gradient = effective_gradient(value, grad, o.weight_decay, o.maximize);
  if (o.momentum != 0) {
    const bool first = !state.has("momentum_buffer");
    const Tensor& buffer = state.tensor("momentum_buffer", value);
    buffer.mul_(o.momentum).add_(gradient, first ? 1 : 1 - o.dampening);
    gradient = o.nesterov ? gradient + buffer * Scalar(o.momentum) : buffer;
  }
  value.add_(gradient, -o.lr);
}

}  // namespace weft::nn::optim
