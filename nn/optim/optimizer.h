// nn/optim/optimizer.h: what optimisers share
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "autograd/variable.h"

namespace weft::nn::optim {

/// Parameters that are stepped with the same options. Different learning rates for two parts of a model:
///   AdamOptions slow{.lr = 1e-4}, fast{.lr = 1e-3, .weight_decay = 0.01};
///   Adam adam({{backbone.parameters(), slow}, {head.parameters(), fast}});
template <class Options>
struct ParamGroup {
  std::vector<Variable> parameters;
  Options options;
};

/// Changes parameters in place by their gradients. A parameter without a gradient is skipped.
class Optimizer {
 public:
  virtual ~Optimizer() = default;
  /// The moments follow a parameter that Module::to has moved or cast.
  /// Throws (nothing changed): a gradient that has not its parameter's shape, dtype and device, a parameter whose shape
  /// is no longer what it was.
  virtual void step() = 0;
  void zero_grad() const;

  /// All parameters, group after group.
  const std::vector<Variable>& parameters() const { return parameters_; }
  virtual size_t num_groups() const = 0;
  /// Throws: no such group.
  virtual double lr(size_t group = 0) const = 0;
  virtual void set_lr(size_t group, double lr) = 0;
  /// Sets every group's.
  void set_lr(double lr);
  /// The setting `momentum`, or Adam's beta1; nullopt: the optimiser has neither.  Throws: no such group.
  virtual std::optional<double> momentum(size_t group = 0) const = 0;
  /// Throws: no such group, an optimiser without momentum, a momentum out of range.
  virtual void set_momentum(size_t group, double momentum) = 0;

  /// Every setting of every group ("group.0.lr", float64 []), step counts ("step", int64 [parameters]) and moments
  /// ("exp_avg.0"), clones. Parameters count through all groups.
  virtual std::map<std::string, Tensor> state_dict() const = 0;
  /// Takes settings over too; moments are cast where the parameter has another floating dtype.
  /// Throws (nothing changed): names, shapes or settings that do not fit, all listed.
  virtual void load_state_dict(const std::map<std::string, Tensor>& state) = 0;

 protected:
  /// Throws: no parameters, a Variable that is not a leaf, or a leaf named twice.
  explicit Optimizer(std::vector<Variable> parameters);
  std::vector<Variable> parameters_;
};

/// Scales all gradients by min(1, max_norm / (norm + 1e-6)), norm their joint 2-norm; returns the norm before. A norm
/// that is not finite goes into the factor as it is (as in torch): look at the result before stepping.
/// Throws: max_norm is negative or NaN.
double clip_grad_norm_(const std::vector<Variable>& parameters, double max_norm);

/// Cuts every element of every gradient to -max_value..max_value.  Throws: max_value is negative or NaN.
void clip_grad_value_(const std::vector<Variable>& parameters, double max_value);

}  // namespace weft::nn::optim
