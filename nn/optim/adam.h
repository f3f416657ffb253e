// nn/optim/adam.h: Adam (Kingma and Ba 2015) and AdamW (Loshchilov and Hutter 2019)
#pragma once
#include "nn/optim/grouped.h"

namespace weft::nn::optim {

struct AdamOptions {
  double lr = 1e-3;
  double beta1 = 0.9, beta2 = 0.999;
  double eps = 1e-8;        ///< Keras uses 1e-7
  double weight_decay = 0;  ///< L2: added to the gradient
  bool amsgrad = false;     ///< divides by the largest v so far (Reddi et al. 2018)
  bool maximize = false;
};

struct AdamWOptions {
  double lr = 1e-3;
  double beta1 = 0.9, beta2 = 0.999;
  double eps = 1e-8;
  double weight_decay = 1e-2;  ///< decoupled: p *= 1 - lr weight_decay before the step
  bool amsgrad = false;
  bool maximize = false;
};

/// m = b1 m + (1 - b1) g;  v = b2 v + (1 - b2) g^2;  p -= lr / (1 - b1^t) m / (sqrt(v) / sqrt(1 - b2^t) + eps).
/// One fused kernel a parameter.  State: "exp_avg.i" m, "exp_avg_sq.i" v, "max_exp_avg_sq.i" with amsgrad.
/// Throws: a setting out of range.
class Adam : public GroupedOptimizer<AdamOptions> {
 public:
  explicit Adam(std::vector<ParamGroup<AdamOptions>> groups);
  explicit Adam(std::vector<Variable> parameters, AdamOptions options = {});

 private:
  void update(const Tensor& value, const Tensor& gradient, const AdamOptions& options, ParameterState& state) override;
  std::vector<Kept> kept(const AdamOptions& options) const override;
};

/// Adam whose weight decay shrinks the parameter instead of entering the moments.
class AdamW : public GroupedOptimizer<AdamWOptions> {
 public:
  explicit AdamW(std::vector<ParamGroup<AdamWOptions>> groups);
  explicit AdamW(std::vector<Variable> parameters, AdamWOptions options = {});

 private:
  void update(const Tensor& value, const Tensor& gradient, const AdamWOptions& options, ParameterState& state) override;
  std::vector<Kept> kept(const AdamWOptions& options) const override;
};

template <class Options, class Visitor>
requires std::is_same_v<std::remove_const_t<Options>, AdamOptions> ||
    std::is_same_v<std::remove_const_t<Options>, AdamWOptions>
void visit_settings(Options& o, const Visitor& visit) {
  visit("lr", o.lr);
  visit("beta1", o.beta1);
  visit("beta2", o.beta2);
  visit("eps", o.eps);
  visit("weight_decay", o.weight_decay);
  visit("amsgrad", o.amsgrad);
  visit("maximize", o.maximize);
}
void check_settings(const AdamOptions& options);
void check_settings(const AdamWOptions& options);

}  // namespace weft::nn::optim
