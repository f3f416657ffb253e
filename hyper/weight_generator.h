// hyper/weight_generator.h: networks that make the weights of any module (hypernetworks): what all kinds share
#pragma once
#include "hyper/generated_weight.h"
#include "nn/sequential.h"

namespace weft::hyper {

struct WeightGeneratorOptions {
  int64_t embedding_size = 0;         ///< N_z: of the z that calls bring; 0: they bring none
  int64_t target_embedding_size = 0;  ///< of a learnt vector that each target has, put behind z; 0: none
  std::vector<int64_t> hidden_sizes;  ///< relu layers between these and what makes the weights
  double embedding_variance = 1;      ///< mean square of an element of z, which the initialisers reckon with
};

/// Base of FullGenerator, LowRankGenerator, ChunkedGenerator, and of a program's own. What it returns is for
/// nn::functional_call:
///   FullGenerator generator(generated_weights(net, {"0.weight", "0.bias"}), {.embedding_size = 8}, streams.init);
///   nn::functional_call(net, generator(z), x);
/// One generator may serve several targets, layers or whole nets: z, a learnt vector of each target, or both together
/// tell it for which the weights are.
/// Init: the relu layers He normal, biases 0; target embeddings normal of variance embedding_variance; so that, over
/// z, every generated weight starts with the mean and the variance that its GeneratedWeight states.
class WeightGenerator : public nn::Module {
 public:
  std::string_view kind() const override { return kind_; }

  /// For the only target.  z [N_z]: one set of weights. z [n, N_z]: n sets, one for each sample, weights [n, shape],
  /// which functional_call gives to Linear, Conv1d, Conv2d and norms; see nn/per_sample.h.
  /// Throws: several targets, another z than the options say.
  nn::Weights operator()(const Variable& z);
  /// For target number `target`.  Throws also: out of range.
  nn::Weights operator()(int64_t target, const Variable& z = {});

  int64_t num_targets() const { return static_cast<int64_t>(targets_.size()); }

  nn::Parameter target_embedding;  ///< [targets, target_embedding_size], or undefined

 protected:
  /// `kind` must outlive the generator: a literal. `more_inputs`: what a kind puts behind z and the target's vector.
  /// Throws: sizes below 0, hidden ones below 1, no input at all, a variance that is not positive, a target without
  /// weights, a weight without elements.
  WeightGenerator(std::string_view kind, Targets targets, WeightGeneratorOptions options, int64_t more_inputs,
                  RandomStream& init);

  /// input [n, N_z + target_embedding_size] -> weights [n, shape].
  virtual nn::Weights make(int64_t target, const Variable& input) = 0;

  const std::vector<TargetWeights>& targets() const { return targets_; }
  const WeightGeneratorOptions& options() const { return options_; }
  /// inputs [..., all inputs] -> [..., feature_size()].
  Variable features(const Variable& inputs) { return hidden_(inputs); }
  int64_t feature_size() const { return feature_size_; }

 private:
  Variable input(int64_t target, const Variable& z) const;

  std::string_view kind_;
  std::vector<TargetWeights> targets_;
  WeightGeneratorOptions options_;
  nn::Sequential hidden_;
  int64_t feature_size_;
};

}  // namespace weft::hyper
