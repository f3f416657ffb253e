// nn/optim/grouped.cpp: what the rules of optimisers share
#include "nn/optim/grouped.h"

#include "tensor/elementwise.h"

namespace weft::nn::optim {

Tensor effective_gradient(const Tensor& value, const Tensor& gradient, double weight_decay, bool maximize) {
  const Tensor turned = maximize ? neg(gradient) : gradient;
  if (weight_decay == 0) return turned;
  return (maximize ? turned : turned.clone()).add_(value, weight_decay);
}

void check_not_negative(std::string_view op, std::initializer_list<std::pair<std::string_view, double>> settings) {
  for (const auto& [name, value] : settings) {
    if (!(value >= 0)) fail(op, "{} is {}; hint: it is at least 0", name, value);
  }
}

}  // namespace weft::nn::optim
