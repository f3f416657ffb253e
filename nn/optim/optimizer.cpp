// nn/optim/optimizer.cpp: what optimisers share
#include "nn/optim/optimizer.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "tensor/elementwise.h"
#include "tensor/reduce.h"

namespace weft::nn::optim {

Optimizer::Optimizer(std::vector<Variable> parameters) : parameters_(std::move(parameters)) {
  if (parameters_.empty()) fail("Optimizer", "no parameters; hint: pass model.parameters()");
  std::unordered_set<const Leaf*> seen;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    if (!parameters_[i].is_leaf()) {
      fail("Optimizer", "parameter {} of {} is not a leaf; hint: pass model.parameters() or the result of watch(x)", i,
           parameters_.size());
    }
    if (!seen.insert(parameters_[i].leaf().get()).second) {
      fail("Optimizer", "parameter {} of {} is named twice; hint: each would be stepped twice", i, parameters_.size());
    }
  }
}

void Optimizer::zero_grad() const {
  for (const Variable& parameter : parameters_) parameter.zero_grad();
}

void Optimizer::set_lr(double lr) {
  for (size_t group = 0; group < num_groups(); ++group) set_lr(group, lr);
}

double clip_grad_norm_(const std::vector<Variable>& parameters, double max_norm) {
  if (!(max_norm >= 0)) fail("clip_grad_norm_", "max_norm is {}; hint: it is at least 0", max_norm);
  std::unordered_set<const Leaf*> seen;
  std::vector<Tensor> gradients;
  for (const Variable& parameter : parameters) {
    const Tensor& gradient = parameter.grad();
    if (gradient.defined() && seen.insert(parameter.leaf().get()).second) gradients.push_back(gradient);
  }
  double total = 0;  // in float64, so that neither many small nor few large gradients get lost
  for (const Tensor& gradient : gradients) total += sum(square(gradient.to(DType::float64))).item<double>();
  const double norm = std::sqrt(total);
  constexpr double kTorchEps = 1e-6;
  const double factor = max_norm / (norm + kTorchEps);
  if (factor >= 1) return norm;  // false for NaN, which then reaches the gradients
  for (const Tensor& gradient : gradients) gradient.mul_(factor);
  return norm;
}

void clip_grad_value_(const std::vector<Variable>& parameters, double max_value) {
  if (!(max_value >= 0)) fail("clip_grad_value_", "max_value is {}; hint: it is at least 0", max_value);
  for (const Variable& parameter : parameters) {
    if (parameter.grad().defined()) parameter.grad().clamp_(-max_value, max_value);
  }
}

}  // namespace weft::nn::optim
