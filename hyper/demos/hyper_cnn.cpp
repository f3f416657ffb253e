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
#include "hyper/demos/harness/progress.h"
#include "hyper/demos/harness/run_main.h"
#include "hyper/demos/harness/signals.h"
#include "hyper/demos/hyper_cnn_results.h"
#include "tensor/reduce.h"

namespace weft::demo {
namespace {

using datasets::Batch, datasets::DataLoader, datasets::LabelledImages;
using hyper::Kernel, hyper::MnistCnn;

constexpr double kLrDecay = 0.999, kLrFloor = 0.0001, kMaxGradNorm = 100;
constexpr int64_t kCropPadding = 1, kEvaluationBatch = 500, kImageSize = 28;
constexpr int64_t kValidationShare = 12;  ///< one of so many training images: 5,000 of MNIST's 60,000

int64_t batches_of(const DataLoader& loader, const Options& options) {
  return options.limit_batches > 0 ? std::min(options.limit_batches, loader.size()) : loader.size();
}

Score evaluate(MnistCnn& model, const LabelledImages& set, const Options& options) {
  Score score;
  DataLoader loader(set, {.batch_size = kEvaluationBatch});
  int64_t left = batches_of(loader, options);
  for (const Batch& batch : loader) {
    const Variable logits = model(batch.images);
    const Tensor predicted = argmax(logits.value(), 1);
    score.loss += nn::cross_entropy(logits, batch.labels, {.reduction = nn::Reduction::sum}).item();
    score.accuracy += nn::accuracy(logits.value(), batch.labels) * static_cast<double>(batch.labels.numel());
    for (int64_t label : predicted.to_vector<int64_t>()) score.predicted.push_back(label);
    stop_if_signalled();
    if (--left == 0) break;
  }
  score.loss /= static_cast<double>(score.predicted.size());
  score.accuracy /= static_cast<double>(score.predicted.size());
  return score;
}

/// Trains, goes back to the best epoch and tests that.  Throws Diverged before any weights are kept that gave no
/// number.
void train_and_test(Contender& c, Streams& streams, const Data& data, const Options& options, RunFolder& folder) {
  MnistCnn& model = *c.model;
  nn::optim::Adam adam(model.parameters(), {.lr = options.lr});
  const nn::optim::ExponentialLR schedule{.gamma = kLrDecay, .floor = std::min(kLrFloor, options.lr)};
  const auto crop = [&](const Tensor& images) {
    return datasets::pad_and_random_crop(images, kCropPadding, streams.augment);
  };
  DataLoader loader(data.train, {.batch_size = options.batch_size, .transform = crop}, &streams.shuffle);
  Report report(c, options, folder);
  nn::StateDict best;

  for (int64_t epoch = 1; epoch <= options.epochs; ++epoch) {
    report.begin_epoch(epoch, batches_of(loader, options));
    for (const Batch& batch : loader) {
      Tape tape;
      const Variable logits = model(batch.images);
      const Variable loss = nn::cross_entropy(logits, batch.labels);
      tape.backward(loss);
      report.check_finite("loss", loss.item());
      report.check_finite("gradient's norm", nn::optim::clip_grad_norm_(model.parameters(), kMaxGradNorm));
      adam.set_lr(schedule(options.lr, report.steps()));
      adam.step();
      adam.zero_grad();
      report.step(loss.item(), nn::accuracy(logits.value(), batch.labels), batch.labels.numel());
      stop_if_signalled();
      if (report.epoch_is_full()) break;
    }
    report.end_training();
    if (report.is_best(evaluate(model, data.validation, options))) best = model.state_dict();
  }
  model.load_state_dict(best);
  report.test(evaluate(model, data.test, options));
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
  return {datasets::take(files.train, 0, cut), datasets::take(files.train, cut, size), files.test, files.folder,
          files.recognised};
}

void run(const Options& options) {
  const Data data = load(options);
  std::vector<Contender> contenders;
  contenders.push_back({.name = "CNN", .file = "plain", .colour = "#1f77b4", .kernel = Kernel::free});
  contenders.push_back({.name = "hyper-CNN", .file = "hyper", .colour = "#d62728", .kernel = Kernel::generated});
  std::vector<Streams> streams(contenders.size(), Streams(options.seed));  // equal: same batches, same crops
  for (size_t i = 0; i < contenders.size(); ++i) {
    contenders[i].model = std::make_unique<MnistCnn>(contenders[i].kernel, streams[i].init);
  }
  print_introduction(contenders, data, options);

  RunFolder folder(kHyperCnn, options, description_of(data),
                   {{"lr-decay", kLrDecay},
                    {"lr-floor", kLrFloor},
                    {"max-grad-norm", kMaxGradNorm},
                    {"crop-padding", kCropPadding}});
  for (size_t i = 0; i < contenders.size(); ++i) {
    Contender& c = contenders[i];
    try {
      train_and_test(c, streams[i], data, options, folder);
    } catch (const Interrupted& stop) {
      folder.save_weights(c.file, c.model->state_dict());
      throw Interrupted(stop.signal, fmt::format("{}: {}; its weights so far stand in '{}'", c.name, stop.what(),
                                                 (folder.path() / (c.file + ".safetensors")).string()));
    }
    folder.save_weights(c.file, c.model->state_dict());
  }
  report_results(contenders, data, folder);
}

}  // namespace
}  // namespace weft::demo

int main(int argc, char** argv) { return weft::demo::run_main(argc, argv, weft::demo::kHyperCnn, weft::demo::run); }
