// nn/optim/optimizer.h: what optimisers share
#pragma once
#include <map>
#include <string>
#include <vector>

#include "autograd/variable.h"

namespace weft::nn::optim {

/// Changes parameters in place by their gradients. A parameter without a gradient is skipped.
class Optimizer {
 public:
  virtual ~Optimizer() = default;
  virtual void step() = 0;
  void zero_grad() const;

  double lr() const { return lr_; }
  void set_lr(double lr) { lr_ = lr; }

  /// Moments and step counts by name ("step", "exp_avg.0", ...), clones.
  virtual std::map<std::string, Tensor> state_dict() const = 0;
  /// Throws (nothing changed): names or shapes that do not fit, all listed.
  virtual void load_state_dict(const std::map<std::string, Tensor>& state) = 0;

 protected:
  /// Throws: no parameters, a Variable that is not a leaf, or a leaf named twice.
  Optimizer(std::vector<Variable> parameters, double lr);
  std::vector<Variable> parameters_;
  double lr_;
};

/// Scales all gradients by min(1, max_norm / (norm + 1e-6)), norm their joint 2-norm; returns the norm before. A norm
/// that is not finite goes into the factor as it is (as in torch): look at the result before stepping.
/// Throws: max_norm is negative or NaN.
double clip_grad_norm_(const std::vector<Variable>& parameters, double max_norm);

}  // namespace weft::nn::optim
