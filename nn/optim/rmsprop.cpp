// nn/optim/rmsprop.cpp: RMSprop
#include "nn/optim/rmsprop.h"

#include "tensor/elementwise.h"

namespace weft::nn::optim {

void check_settings(const RMSpropOptions& o) {
  check_not_negative("RMSprop",
                     {{"lr", o.lr}, {"eps", o.eps}, {"weight_decay", o.weight_decay}, {"momentum", o.momentum}});
  if (!(o.alpha >= 0 && o.alpha <= 1)) fail("RMSprop", "alpha is {}; hint: it lies in [0, 1]", o.alpha);
}

RMSprop::RMSprop(std::vector<ParamGroup<RMSpropOptions>> groups) : GroupedOptimizer("RMSprop", std::move(groups)) {}
RMSprop::RMSprop(std::vector<Variable> parameters, RMSpropOptions options)
    : RMSprop({{std::move(parameters), options}}) {}

std::vector<Kept> RMSprop::kept(const RMSpropOptions& options) const {
  std::vector<Kept> tensors{{"square_avg"}};
  if (options.centered) tensors.push_back({"grad_avg"});
  tensors.push_back({.name = "momentum_buffer", .always = false});  // set_momentum() may have changed the setting
  return tensors;
}

void RMSprop::update(const Tensor& value, const Tensor& grad, const RMSpropOptions& o, ParameterState& state) {
  const Tensor gradient = effective_gradient(value, grad, o.weight_decay, o.maximize);
  Tensor variance = state.tensor("square_avg", value).mul_(o.alpha).add_(square(gradient), 1 - o.alpha);
  if (o.centered) {
    const Tensor& mean = state.tensor("grad_avg", value).mul_(o.alpha).add_(gradient, 1 - o.alpha);
    variance = variance - square(mean);
  }
  const Tensor direction = gradient / sqrt(variance).add_(o.eps);
  if (o.momentum == 0) {
    value.add_(direction, -o.lr);
  } else {
    value.add_(state.tensor("momentum_buffer", value).mul_(o.momentum).add_(direction), -o.lr);
  }
}

}  // namespace weft::nn::optim
