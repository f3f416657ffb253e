// nn/optim/sgd.h: stochastic gradient descent
#pragma once
#include "nn/optim/grouped.h"

namespace weft::nn::optim {

struct SGDOptions {
  double lr = 1e-3;
  double momentum = 0;
  double dampening = 0;     ///< of what flows into the momentum buffer, from the second step on
  double weight_decay = 0;  ///< L2: added to the gradient
  bool nesterov = false;
  bool maximize = false;
};

/// g += weight_decay p;  b = momentum b + (1 - dampening) g (b = g at the first step);  p -= lr b, or
/// lr (g + momentum b) with nesterov (Sutskever et al. 2013, in torch's form).  State: "momentum_buffer.i", of
/// parameters that were stepped with a momentum.
/// Throws: nesterov without momentum or with dampening, a negative setting.
class SGD : public GroupedOptimizer<SGDOptions> {
 public:
  explicit SGD(std::vector<ParamGroup<SGDOptions>> groups);
  explicit SGD(std::vector<Variable> parameters, SGDOptions options = {});

 private:
  void update(const Tensor& value, const Tensor& gradient, const SGDOptions& options, ParameterState& state) override;
  std::vector<Kept> kept(const SGDOptions&) const override;
};

template <class Options, class Visitor>
requires std::is_same_v<std::remove_const_t<Options>, SGDOptions>
void visit_settings(Options& o, const Visitor& visit) {
  visit("lr", o.lr);
  visit("momentum", o.momentum);
  visit("dampening", o.dampening);
  visit("weight_decay", o.weight_decay);
  visit("nesterov", o.nesterov);
  visit("maximize", o.maximize);
}
void check_settings(const SGDOptions& options);

}  // namespace weft::nn::optim
