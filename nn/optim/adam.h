// nn/optim/adam.h: Adam (Kingma and Ba 2015)
#pragma once
#include "nn/optim/optimizer.h"

namespace weft::nn::optim {

struct AdamOptions {
  double lr = 1e-3;
  double beta1 = 0.9, beta2 = 0.999;
  double eps = 1e-8;        ///< Keras uses 1e-7
  double weight_decay = 0;  ///< L2: added to the gradient
};

/// m = b1 m + (1 - b1) g;  v = b2 v + (1 - b2) g^2;  p -= lr / (1 - b1^t) m / (sqrt(v) / sqrt(1 - b2^t) + eps).
/// One fused kernel a parameter.  State: "step" int64 [parameters], "exp_avg.i", "exp_avg_sq.i".  Throws: a setting out
/// of range.
class Adam : public Optimizer {
 public:
  Adam(std::vector<Variable> parameters, AdamOptions options = {});
  void step() override;
  std::map<std::string, Tensor> state_dict() const override;
  void load_state_dict(const std::map<std::string, Tensor>& state) override;

 private:
  AdamOptions options_;
  std::vector<int64_t> steps_;                ///< t of each parameter: steps in which it had a gradient
  std::vector<Tensor> exp_avg_, exp_avg_sq_;  ///< m and v; undefined until a parameter's first step
};

}  // namespace weft::nn::optim
