// nn/optim/adagrad.cpp: Adagrad
#include "nn/optim/adagrad.h"

#include "tensor/elementwise.h"

namespace weft::nn::optim {

void check_settings(const AdagradOptions& o) {
  check_not_negative("Adagrad", {{"lr", o.lr},
                                 {"lr_decay", o.lr_decay},
                                 {"weight_decay", o.weight_decay},
                                 {"initial_accumulator_value", o.initial_accumulator_value},
                                 {"eps", o.eps}});
}

Adagrad::Adagrad(std::vector<ParamGroup<AdagradOptions>> groups) : GroupedOptimizer("Adagrad", std::move(groups)) {}
Adagrad::Adagrad(std::vector<Variable> parameters, AdagradOptions options)
    : Adagrad({{std::move(parameters), options}}) {}

void Adagrad::update(const Tensor& value, const Tensor& grad, const AdagradOptions& o, ParameterState& state) {
  const Tensor gradient = effective_gradient(value, grad, o.weight_decay, o.maximize);
  const Tensor& total = state.tensor("sum", value, o.initial_accumulator_value).add_(square(gradient));
  const double lr = o.lr / (1 + static_cast<double>(state.steps - 1) * o.lr_decay);
  value.add_(gradient / sqrt(total).add_(o.eps), -lr);
}

}  // namespace weft::nn::optim
