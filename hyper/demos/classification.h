// hyper/demos/classification.h: what a demo that classifies images measures
#pragma once
#include "datasets/data_loader.h"
#include "hyper/demos/harness/training.h"
#include "nn/nn.h"

namespace weft::demo {

constexpr int64_t kEvaluationBatch = 500;

struct Score {
  double loss = 0, accuracy = 0;
  std::vector<int64_t> predicted = {};  ///< a class for each image
};

/// model(images), the images in the model's own dtype.
Variable logits_of(nn::Layer& model, const Tensor& images);

/// The model's mean cross-entropy, accuracy and answers on a whole set, in the mode it is in.
/// Throws Interrupted; nn::NonFinite, as finite_loss.
Score evaluate(nn::Layer& model, const datasets::LabelledImages& set, const datasets::Transform& transform = {});

/// Trains by cross-entropy until `training` ends: it then has the weights of the epoch with the fewest errors on
/// `validation`.
void train_classifier(Training& training, nn::Layer& model, datasets::DataLoader& loader,
                      const datasets::LabelledImages& validation);

/// Of each contender, as config.json has them.
template <class Contender>
std::map<std::string, int64_t> parameters_of(const std::vector<Contender>& contenders) {
  std::map<std::string, int64_t> parameters;
  for (const Contender& c : contenders) parameters[c.file] = c.model->num_parameters();
  return parameters;
}

/// As they are logged. `errors_first`: the fewest errors decide which epoch is the best, not the loss.
Scores scores_of(const Score& score);
Scores errors_first(const Score& score);

}  // namespace weft::demo
