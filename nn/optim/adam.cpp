// nn/optim/adam.cpp: Adam and AdamW
#include "nn/optim/adam.h"

#include <cmath>

#include "tensor/backend.h"
#include "tensor/elementwise.h"
#include "tensor/fusing.h"

namespace weft::nn::optim {
namespace {

template <class Options>
void check(std::string_view op, const Options& o) {
  check_not_negative(op, {{"lr", o.lr}, {"eps", o.eps}, {"weight_decay", o.weight_decay}});
  for (const double beta : {o.beta1, o.beta2}) {
    if (!(beta >= 0 && beta < 1)) {
      fail(op, "beta1 is {}, beta2 {}; hint: both lie in [0, 1)", o.beta1, o.beta2);
    }
  }
}

std::vector<Kept> moments(bool amsgrad) {
  std::vector<Kept> tensors{{"exp_avg"}, {"exp_avg_sq"}};
  if (amsgrad) tensors.push_back({"max_exp_avg_sq"});
  return tensors;
}

/// The step whose denominator is the largest second moment so far; the fused kernel has none.
void amsgrad_step(const Tensor& value, const Tensor& gradient, const AdamStep& step, ParameterState& state) {
  const Tensor& mean = state.tensor("exp_avg", value);
  const Tensor& square = state.tensor("exp_avg_sq", value);
  Tensor& largest = state.tensor("max_exp_avg_sq", value);
  const Tensor g = effective_gradient(value, gradient, step.weight_decay, false);
  mean.mul_(step.beta1).add_(g, 1 - step.beta1);
  square.mul_(step.beta2).add_(weft::square(g), 1 - step.beta2);
  largest.copy_(maximum(largest, square));
  const Tensor denominator = (sqrt(largest) / Scalar(step.bias_correction2_sqrt)).add_(step.eps);
  value.add_(mean / denominator, -step.step_size);
}

template <class Options>
void adam_update(const Tensor& value, const Tensor& gradient, const Options& o, double l2, ParameterState& state) {
  const auto t = static_cast<double>(state.steps);
  const AdamStep step{.beta1 = o.beta1,
                      .beta2 = o.beta2,
                      .eps = o.eps,
                      .step_size = o.lr / (1 - std::pow(o.beta1, t)),
                      .bias_correction2_sqrt = std::sqrt(1 - std::pow(o.beta2, t)),
                      .weight_decay = l2};
  const Tensor turned = effective_gradient(value, gradient, 0, o.maximize);
  if (o.amsgrad) return amsgrad_step(value, turned, step, state);
  const Tensor &mean = state.tensor("exp_avg", value), &square = state.tensor("exp_avg_sq", value);
  if (fusing()) value.backend().adam_step(value, turned, mean, square, step);
  else value.backend().Backend::adam_step(value, turned, mean, square, step);
  value.bump_version();
}

}  // namespace

void check_settings(const AdamOptions& options) { check("Adam", options); }
void check_settings(const AdamWOptions& options) { check("AdamW", options); }

Adam::Adam(std::vector<ParamGroup<AdamOptions>> groups) : GroupedOptimizer("Adam", std::move(groups)) {}
Adam::Adam(std::vector<Variable> parameters, AdamOptions options) : Adam({{std::move(parameters), options}}) {}
std::vector<Kept> Adam::kept(const AdamOptions& options) const { return moments(options.amsgrad); }
void Adam::update(const Tensor& value, const Tensor& gradient, const AdamOptions& o, ParameterState& state) {
  adam_update(value, gradient, o, o.weight_decay, state);
}

AdamW::AdamW(std::vector<ParamGroup<AdamWOptions>> groups) : GroupedOptimizer("AdamW", std::move(groups)) {}
AdamW::AdamW(std::vector<Variable> parameters, AdamWOptions options) : AdamW({{std::move(parameters), options}}) {}
std::vector<Kept> AdamW::kept(const AdamWOptions& options) const { return moments(options.amsgrad); }
void AdamW::update(const Tensor& value, const Tensor& gradient, const AdamWOptions& o, ParameterState& state) {
  value.mul_(1 - o.lr * o.weight_decay);
  adam_update(value, gradient, o, 0, state);
}

}  // namespace weft::nn::optim
