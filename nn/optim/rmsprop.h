// nn/optim/rmsprop.h: RMSprop (Hinton 2012; centered: Graves 2013)
#pragma once
#include "nn/optim/grouped.h"

namespace weft::nn::optim {

struct RMSpropOptions {
  double lr = 1e-2;
  double alpha = 0.99;
  double eps = 1e-8;
  double weight_decay = 0;  ///< L2: added to the gradient
  double momentum = 0;
  bool centered = false;  ///< divides by the deviation instead of the root mean square
  bool maximize = false;
};

/// s = alpha s + (1 - alpha) g^2;  u = g / (sqrt(s) + eps);  p -= lr u, or with momentum b = momentum b + u, p -= lr b.
/// centered: m = alpha m + (1 - alpha) g, and sqrt(s - m^2) instead of sqrt(s).
/// State: "square_avg.i", "grad_avg.i" centered, "momentum_buffer.i" of parameters that were stepped with a momentum.
/// Throws: a negative setting, alpha not in [0, 1].
class RMSprop : public GroupedOptimizer<RMSpropOptions> {
 public:
  explicit RMSprop(std::vector<ParamGroup<RMSpropOptions>> groups);
  explicit RMSprop(std::vector<Variable> parameters, RMSpropOptions options = {});

 private:
  void update(const Tensor& value, const Tensor& gradient, const RMSpropOptions& options,
              ParameterState& state) override;
  std::vector<Kept> kept(const RMSpropOptions& options) const override;
};

template <class Options, class Visitor>
requires std::is_same_v<std::remove_const_t<Options>, RMSpropOptions>
void visit_settings(Options& o, const Visitor& visit) {
  visit("lr", o.lr);
  visit("alpha", o.alpha);
  visit("eps", o.eps);
  visit("weight_decay", o.weight_decay);
  visit("momentum", o.momentum);
  visit("centered", o.centered);
  visit("maximize", o.maximize);
}
void check_settings(const RMSpropOptions& options);

}  // namespace weft::nn::optim
