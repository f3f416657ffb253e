// nn/optim/sgd.h: stochastic gradient descent
#pragma once
#include "nn/optim/optimizer.h"

namespace weft::nn::optim {

struct SgdOptions {
  double lr = 1e-3;
  double momentum = 0;
  double weight_decay = 0;  ///< L2: added to the gradient
  bool nesterov = false;
};

/// g += weight_decay p;  v = momentum v + g (v = g at the first step);  p -= lr v, or lr (g + momentum v) with nesterov
/// (Sutskever et al. 2013, in torch's form).  State: "velocity.i".  Throws: nesterov without momentum, a negative
/// setting.
class Sgd : public Optimizer {
 public:
  Sgd(std::vector<Variable> parameters, SgdOptions options = {});
  void step() override;
  std::map<std::string, Tensor> state_dict() const override;
  void load_state_dict(const std::map<std::string, Tensor>& state) override;

 private:
  SgdOptions options_;
  std::vector<Tensor> velocity_;  ///< undefined until a parameter's first step
};

}  // namespace weft::nn::optim
