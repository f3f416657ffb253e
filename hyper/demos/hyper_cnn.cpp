// hyper/demos/hyper_cnn.cpp: the paper's MNIST experiment: a network that learns its second kernel beside one that
// generates it
//
// Both see the same batches for the same number of steps. The recipe is that of Ha, Dai and Le 2016 (appendix A.3.1 and
// the authors' notebook): Adam, decaying learning rate, clipped gradients, random crops; the weights of the epoch with
// the fewest validation errors are tested.
#include <algorithm>

#include "datasets/data_loader.h"
#include "datasets/transforms.h"
#include "hyper/demos/harness/run_main.h"
#include "hyper/demos/harness/training.h"
#include "hyper/demos/hyper_cnn_results.h"

namespace weft::demo {
namespace {

using datasets::DataLoader;
using hyper::Kernel, hyper::MnistCnn;

constexpr double kLrDecay = 0.999, kLrFloor = 0.0001, kMaxGradNorm = 100;
constexpr int64_t kCropPadding = 1;

/// `quick` trains both networks in a few minutes on two cores.
const Demo kHyperCnn{
    .name = "hyper-cnn",
    .about = "MNIST with learnt and with generated kernels",
    .sample = "images",
    .presets = {
        {"quick", "both networks in two minutes", {{"--epochs", "4"}, {"--batch-size", "250"}, {"--lr", "0.005"}}},
        {"paper", "the paper's batch, 20 minutes", {{"--epochs", "50"}, {"--batch-size", "1000"}}}}};

/// Trains, goes back to the best epoch and tests that.
void train_and_test(Contender& c, Streams& streams, const ImageData& data, const Options& options, RunFolder& folder) {
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
  train_classifier(training, model, loader, data.validation);
  training.evaluate("test", [&] { c.test = evaluate(model, data.test); });
  training.test([&] { return scores_of(c.test); });
  c.best_epoch = training.best_epoch();
  c.seconds_per_epoch = training.seconds_per_epoch();
}

void run(const Options& options) {
  const ImageData data = mnist_data(kHyperCnn.name, options);
  std::vector<Contender> contenders;
  contenders.push_back({.name = "CNN", .file = "plain", .kernel = Kernel::free});
  contenders.push_back({.name = "hyper-CNN", .file = "hyper", .kernel = Kernel::generated});
  std::vector<Streams> streams(contenders.size(), Streams(options.seed));  // equal: same batches, same crops
  for (size_t i = 0; i < contenders.size(); ++i) {
    contenders[i].model = std::make_unique<MnistCnn>(contenders[i].kernel, streams[i].init);
    contenders[i].model->to(options.model_dtype());
  }
  print_introduction(contenders, data, options);
  if (options.dry_run) return;
  RunFolder folder(kHyperCnn, options,
                   {.data = description_of(data),
                    .parameters = parameters_of(contenders),
                    .recipe = {{"lr-decay", kLrDecay},
                               {"lr-floor", kLrFloor},
                               {"max-grad-norm", kMaxGradNorm},
                               {"crop-padding", kCropPadding}}});
  for (size_t i = 0; i < contenders.size(); ++i) train_and_test(contenders[i], streams[i], data, options, folder);
  report_results(contenders, data, folder);
}

}  // namespace
}  // namespace weft::demo

int main(int argc, char** argv) { return weft::demo::run_main(argc, argv, weft::demo::kHyperCnn, weft::demo::run); }
