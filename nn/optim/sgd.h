// nn/optim/sgd.h: stochastic gradient descent
#pragma once
#include "nn/optim/grouped.h"

namespace weft::nn::optim {

struct SgdOptions {
  double lr = 1e-3;
  double momentum = 0;
  double dampening = 0;     ///< of what flows into the velocity, from the second step on
  double weight_decay = 0;  ///< L2: added to the gradient
  bool nesterov = false;
  bool maximize = false;
};

/// g += weight_decay p;  v = momentum v + (1 - dampening) g (v = g at the first step);  p -= lr v, or
/// lr (g + momentum v) with nesterov (Sutskever et al. 2013, in torch's form).  State: "velocity.i", of parameters that
/// were stepped with a momentum.
/// Throws: nesterov without momentum or with dampening, a negative setting.
class Sgd : public GroupedOptimizer<SgdOptions> {
 public:
  explicit Sgd(std::vector<ParamGroup<SgdOptions>> groups);
  explicit Sgd(std::vector<Variable> parameters, SgdOptions options = {});

 private:
  void update(const Tensor& value, const Tensor& gradient, const SgdOptions& options, ParameterState& state) override;
  std::vector<Kept> kept(const SgdOptions&) const override;
};

template <class Options, class Visitor>
requires std::is_same_v<std::remove_const_t<Options>, SgdOptions>
void visit_settings(Options& o, const Visitor& visit) {
  visit("lr", o.lr);
  visit("momentum", o.momentum);
  visit("dampening", o.dampening);
  visit("weight_decay", o.weight_decay);
  visit("nesterov", o.nesterov);
  visit("maximize", o.maximize);
}
void check_settings(const SgdOptions& options);

}  // namespace weft::nn::optim
