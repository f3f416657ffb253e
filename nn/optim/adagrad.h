// nn/optim/adagrad.h: Adagrad (Duchi et al. 2011)
#pragma once
#include "nn/optim/grouped.h"

namespace weft::nn::optim {

struct AdagradOptions {
  double lr = 1e-2;
  double lr_decay = 0;
  double weight_decay = 0;  ///< L2: added to the gradient
  double initial_accumulator_value = 0;
  double eps = 1e-10;
  bool maximize = false;
};

/// s += g^2 (from initial_accumulator_value);  p -= lr / (1 + (t - 1) lr_decay) g / (sqrt(s) + eps).
/// State: "sum.i".  Throws: a negative setting.
class Adagrad : public GroupedOptimizer<AdagradOptions> {
 public:
  explicit Adagrad(std::vector<ParamGroup<AdagradOptions>> groups);
  explicit Adagrad(std::vector<Variable> parameters, AdagradOptions options = {});

 private:
  void update(const Tensor& value, const Tensor& gradient, const AdagradOptions& options,
              ParameterState& state) override;
  std::vector<Kept> kept(const AdagradOptions&) const override { return {{"sum"}}; }
};

template <class Options, class Visitor>
requires std::is_same_v<std::remove_const_t<Options>, AdagradOptions>
void visit_settings(Options& o, const Visitor& visit) {
  visit("lr", o.lr);
  visit("lr_decay", o.lr_decay);
  visit("weight_decay", o.weight_decay);
  visit("initial_accumulator_value", o.initial_accumulator_value);
  visit("eps", o.eps);
  visit("maximize", o.maximize);
}
void check_settings(const AdagradOptions& options);

}  // namespace weft::nn::optim
