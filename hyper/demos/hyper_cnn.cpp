// hyper/demos/hyper_cnn.cpp: the paper's MNIST experiment: a network that learns its second kernel beside one that
// generates it
//
// Both see the same batches for the same number of steps. The recipe is that of Ha, Dai and Le 2016 (appendix A.3.1 and
// the authors' notebook): Adam, decaying learning rate, clipped gradients, random crops; the weights of the epoch with
// the fewest validation errors are tested.
#include <algorithm>

#include "datasets/data_loader.h"
#include "datasets/mnist.h"
#include "datasets/transforms.h"
#include "hyper/demos/harness/run_main.h"
#include "hyper/demos/harness/training.h"
#include "hyper/demos/hyper_cnn_results.h"
#include "tensor/reduce.h"

namespace weft::demo {
namespace {

using datasets::Batch, datasets::DataLoader, datasets::LabelledImages;
using hyper::Kernel, hyper::MnistCnn;

constexpr double kLrDecay = 0.999, kLrFloor = 0.0001, kMaxGradNorm = 100;
constexpr int64_t kCropPadding = 1, kEvaluationBatch = 500, kImageSize = 28;
constexpr int64_t kValidationShare = 12;  ///< one of so many training images: 5,000 of MNIST's 60,000

/// `quick` trains both networks in a few minutes on two cores.
const Demo kHyperCnn{
    .name = "hyper-cnn",
    .about = "MNIST with learnt and with generated kernels",
    .sample = "images",
    .presets = {
        {"quick", "both networks in two minutes", {{"--epochs", "4"}, {"--batch-size", "250"}, {"--lr", "0.005"}}},
        {"paper", "the paper's batch, 20 minutes", {{"--epochs", "50"}, {"--batch-size", "1000"}}}}};

Score evaluate(MnistCnn& model, const LabelledImages& set) {
  Score score;
  for (const Batch& batch : DataLoader(set, {.batch_size = kEvaluationBatch})) {
    const Variable logits = model(batch.images);
    const Tensor predicted = argmax(logits.value(), 1);
    score.loss += nn::cross_entropy(logits, batch.labels, {.reduction = nn::Reduction::sum}).item();
    score.accuracy += nn::accuracy(logits.value(), batch.labels) * static_cast<double>(batch.labels.numel());
    for (int64_t label : predicted.to_vector<int64_t>()) score.predicted.push_back(label);
  }
  score.loss /= static_cast<double>(score.predicted.size());
  score.accuracy /= static_cast<double>(score.predicted.size());
  return score;
}

Scores scores_of(const Score& score) { return {{"loss", score.loss}, {"error", 1 - score.accuracy}}; }

/// The fewest errors decide, not the loss.
Scores errors_first(const Score& score) { return {{"error", 1 - score.accuracy}, {"loss", score.loss}}; }

/// Trains, goes back to the best epoch and tests that.
void train_and_test(Contender& c, Streams& streams, const Data& data, const Options& options, RunFolder& folder) {
  MnistCnn& model = *c.model;
  nn::optim::Adam adam(model.parameters(), {.lr = options.lr});
  nn::optim::LrScheduler decay(adam,
                               nn::optim::ExponentialLR{.gamma = kLrDecay, .floor = std::min(kLrFloor, options.lr)});
  const auto crop = [&](const Tensor& images) {
    return datasets::pad_and_random_crop(images, kCropPadding, streams.augment);
  };
  DataLoader loader(data.train, {.batch_size = options.batch_size, .transform = crop}, &streams.shuffle);
  Training training({.model = c.name,
                     .file = c.file,
                     .sample = "images",
                     .steps_per_epoch = loader.size(),
                     .max_grad_norm = kMaxGradNorm},
                    {.model = model, .optimizer = adam, .scheduler = &decay, .streams = &streams}, options, folder);
  training.validate = [&] { return errors_first(evaluate(model, data.validation)); };
  training.fit(loader, [&](const Batch& batch) {
    const Variable logits = model(batch.images);
    training.note("error", 1 - nn::accuracy(logits.value(), batch.labels));
    training.samples(batch.labels.numel());
    return nn::cross_entropy(logits, batch.labels);
  });
  c.test = evaluate(model, data.test);
  training.test([&] { return scores_of(c.test); });
  c.best_epoch = training.best_epoch();
  c.seconds_per_epoch = training.seconds_per_epoch();
}

void check_usable(const datasets::TrainTest& files) {
  const auto refuse = [&](const std::string& fact) {
    throw FileError(fmt::format("hyper-cnn: '{}': {}", files.folder.string(), fact));
  };
  const int64_t height = files.train.images.size(2), width = files.train.images.size(3);
  if (files.train.size() < kValidationShare) {
    refuse(fmt::format("{} training images; hint: at least {}, as one in {} is kept to validate", files.train.size(),
                       kValidationShare, kValidationShare));
  }
  if (files.test.size() == 0) refuse("no test images");
  if (height != kImageSize || width != kImageSize) {
    refuse(fmt::format("images of {} x {} pixels; hint: the network takes {} x {}", height, width, kImageSize,
                       kImageSize));
  }
}

Data load(const Options& options) {
  const datasets::TrainTest files = datasets::load_mnist_or_fashion(options.data);
  check_usable(files);
  const int64_t size = files.train.size(), cut = size - size / kValidationShare;
  const auto limited = [&](const LabelledImages& set, int64_t batch_size) {
    if (options.limit_batches == 0) return set;
    return datasets::take(set, 0, std::min(set.size(), options.limit_batches * batch_size));
  };
  return {limited(datasets::take(files.train, 0, cut), options.batch_size),
          limited(datasets::take(files.train, cut, size), kEvaluationBatch), limited(files.test, kEvaluationBatch),
          files.folder, files.recognised};
}

void run(const Options& options) {
  const Data data = load(options);
  std::vector<Contender> contenders;
  contenders.push_back({.name = "CNN", .file = "plain", .kernel = Kernel::free});
  contenders.push_back({.name = "hyper-CNN", .file = "hyper", .kernel = Kernel::generated});
  std::vector<Streams> streams(contenders.size(), Streams(options.seed));  // equal: same batches, same crops
  for (size_t i = 0; i < contenders.size(); ++i) {
    contenders[i].model = std::make_unique<MnistCnn>(contenders[i].kernel, streams[i].init);
  }
  print_introduction(contenders, data, options);
  if (options.dry_run) return;
  RunFolder folder(kHyperCnn, options, description_of(data),
                   {{"lr-decay", kLrDecay},
                    {"lr-floor", kLrFloor},
                    {"max-grad-norm", kMaxGradNorm},
                    {"crop-padding", kCropPadding}});
  for (size_t i = 0; i < contenders.size(); ++i) train_and_test(contenders[i], streams[i], data, options, folder);
  report_results(contenders, data, folder);
}

}  // namespace
}  // namespace weft::demo

int main(int argc, char** argv) { return weft::demo::run_main(argc, argv, weft::demo::kHyperCnn, weft::demo::run); }
