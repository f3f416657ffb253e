// hyper/demos/classification.cpp: loss, accuracy and answers of a classifier
#include "hyper/demos/classification.h"

#include "hyper/demos/harness/finite_loss.h"
#include "hyper/demos/harness/signals.h"
#include "tensor/reduce.h"

namespace weft::demo {

Variable logits_of(nn::Layer& model, const Tensor& images) {
  return model(images.to(model.parameters().front().dtype()));
}

Score evaluate(nn::Layer& model, const datasets::LabelledImages& set, const datasets::Transform& transform) {
  Score score;
  for (const datasets::Batch& batch :
       datasets::DataLoader(set, {.batch_size = kEvaluationBatch, .transform = transform})) {
    stop_if_signalled();
    Tensor logits;
    score.loss += finite_loss([&] {
      const Variable y = logits_of(model, batch.images);
      logits = y.value();
      return nn::cross_entropy(y, batch.labels, {.reduction = nn::Reduction::sum});
    });
    score.accuracy += nn::accuracy(logits, batch.labels) * static_cast<double>(batch.labels.numel());
    for (int64_t label : argmax(logits, 1).to_vector<int64_t>()) score.predicted.push_back(label);
  }
  score.loss /= static_cast<double>(score.predicted.size());
  score.accuracy /= static_cast<double>(score.predicted.size());
  return score;
}

void train_classifier(Training& training, nn::Layer& model, datasets::DataLoader& loader,
                      const datasets::LabelledImages& validation) {
  training.validate = [&] { return errors_first(evaluate(model, validation)); };
  training.fit(loader, [&](const datasets::Batch& batch) {
    const Variable logits = logits_of(model, batch.images);
    training.note("error", 1 - nn::accuracy(logits.value(), batch.labels));
    training.samples(batch.labels.numel());
    return nn::cross_entropy(logits, batch.labels);
  });
}

Scores scores_of(const Score& score) { return {{"loss", score.loss}, {"error", 1 - score.accuracy}}; }

Scores errors_first(const Score& score) { return {{"error", 1 - score.accuracy}, {"loss", score.loss}}; }

}  // namespace weft::demo
