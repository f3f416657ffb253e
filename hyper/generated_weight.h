// hyper/generated_weight.h: which weights of a module a generator makes, and what they start as
#pragma once
#include <functional>
#include <initializer_list>
#include <string>
#include <vector>

#include "nn/functional_call.h"
#include "nn/init.h"

namespace weft::hyper {

struct GeneratedWeight {
  std::string name;  ///< the parameter's dotted path in the target
  Shape shape;
  double mean = 0, variance = 1;  ///< of its elements, when the generator starts
};

/// The weights that are made for one module, the target. Its other parameters stay its own, learnt as ever.
using TargetWeights = std::vector<GeneratedWeight>;

/// Whether the parameter of this dotted path is generated.
using WeightPredicate = std::function<bool(const std::string& name, const Tensor& weight)>;

/// All parameters of the target, or those that are named or chosen. They start as the target's own were initialised:
/// with the mean and the variance of its values. One that two layers share is listed once, by its first path.
/// Throws: names that are unknown or given twice (all listed), nothing chosen.
TargetWeights generated_weights(const nn::Module& target);
TargetWeights generated_weights(const nn::Module& target, const std::vector<std::string>& names);
TargetWeights generated_weights(const nn::Module& target, const WeightPredicate& chosen);

/// The same weights, which start as hyperfan-in or hyperfan-out has it (Chang, Flokas and Lipson 2020; the variances
/// stand in hyper/init.h): those of two axes or more, and a bias that stands beside one ("0.bias", "0.weight"). Others
/// start as before.  relu: a relu follows each layer.
TargetWeights with_hyperfan(TargetWeights weights, nn::init::Fan fan, bool relu = false);

/// Number of elements.
int64_t numel_of(const TargetWeights& weights);

/// Numbers one weight after the other as weights: [n, numel_of(weights)] -> each [n, shape].  Throws: another shape.
nn::Weights cut_weights(const Variable& numbers, const TargetWeights& weights);

/// What a generator makes weights for: one target, or several.
struct Targets {
  Targets(TargetWeights one) : all{std::move(one)} {}
  Targets(std::vector<TargetWeights> several) : all(std::move(several)) {}
  Targets(std::initializer_list<TargetWeights> several) : all(several) {}

  std::vector<TargetWeights> all;
};

}  // namespace weft::hyper
