// hyper/weight_generator.cpp: what all generators of weights share: targets, embeddings, relu layers
#include "hyper/weight_generator.h"

#include <cmath>

#include "autograd/view.h"
#include "nn/activations.h"
#include "nn/linear.h"
#include "tensor/create.h"

namespace weft::hyper {
namespace {

void check_generator(std::string_view kind, const std::vector<TargetWeights>& targets,
                     const WeightGeneratorOptions& options, int64_t inputs) {
  if (options.embedding_size < 0 || options.target_embedding_size < 0 || inputs < 1 ||
      !(options.embedding_variance > 0)) {
    fail(
        kind,
        "embedding_size is {}, target_embedding_size {}, embedding_variance {}; hint: sizes of at least 0 and not both "
        "0, a positive variance",
        options.embedding_size, options.target_embedding_size, options.embedding_variance);
  }
  for (const int64_t size : options.hidden_sizes) {
    if (size < 1) fail(kind, "a hidden size is {}; hint: at least 1", size);
  }
  if (targets.empty()) fail(kind, "there is no target");
  for (size_t i = 0; i < targets.size(); ++i) {
    if (targets[i].empty()) fail(kind, "target {} has no generated weight", i);
    for (const GeneratedWeight& weight : targets[i]) {
      if (weft::numel_of(weight.shape) > 0) continue;
      fail(kind, "target {} has a weight without elements: '{}' is {}; hint: leave it out of the generated weights", i,
           weight.name, to_string(weight.shape));
    }
  }
}

}  // namespace

WeightGenerator::WeightGenerator(std::string_view kind, Targets targets, WeightGeneratorOptions options,
                                 int64_t more_inputs, RandomStream& init)
    : kind_(kind),
      targets_(std::move(targets.all)),
      options_(std::move(options)),
      feature_size_(options_.embedding_size + options_.target_embedding_size) {
  check_generator(kind, targets_, options_, feature_size_);
  feature_size_ += more_inputs;
  for (const int64_t size : options_.hidden_sizes) {
    auto layer = std::make_unique<nn::Linear>(feature_size_, size, init);
    nn::init::kaiming_normal_(layer->weight.value(), init);
    nn::init::zeros_(layer->bias.value());
    hidden_.append(std::move(layer));
    hidden_.append(std::make_unique<nn::ReLU>());
    feature_size_ = size;
  }
  register_child("hidden", hidden_);
  if (options_.target_embedding_size == 0) return;
  target_embedding = nn::Parameter(empty({num_targets(), options_.target_embedding_size}));
  nn::init::normal_(target_embedding.value(), init, 0, std::sqrt(options_.embedding_variance));
  register_parameter("target_embedding", target_embedding);
}

nn::Weights WeightGenerator::operator()(const Variable& z) {
  if (num_targets() > 1) fail(kind(), "there are {} targets; hint: generator(target, z)", num_targets());
  return (*this)(0, z);
}

nn::Weights WeightGenerator::operator()(int64_t target, const Variable& z) {
  if (target < 0 || target >= num_targets()) {
    fail(kind(), "target {} is out of range: there are {}", target, num_targets());
  }
  nn::Weights weights = make(target, input(target, z));
  if (!z.defined() || z.rank() == 1) {
    for (auto& [name, weight] : weights) weight = select(weight, 0, 0);
  }
  return weights;
}

Variable WeightGenerator::input(int64_t target, const Variable& z) const {
  const int64_t size = options_.embedding_size;
  if (z.defined() ? (z.rank() != 1 && z.rank() != 2) || z.shape().back() != size || size == 0 : size != 0) {
    fail(kind(),
         "z is {}, embedding_size is {}; hint: z is [embedding_size] or [n, embedding_size], and none where it is 0",
         z.defined() ? z.value().describe() : "undefined", size);
  }
  if (!target_embedding.defined()) return z.rank() == 1 ? unsqueeze(z, 0) : z;
  const Variable own = slice(target_embedding, 0, target, target + 1);
  if (!z.defined()) return own;
  const Variable rows = z.rank() == 1 ? unsqueeze(z, 0) : z;
  return cat({rows, expand(own, {rows.size(0), own.size(1)})}, 1);
}

}  // namespace weft::hyper
