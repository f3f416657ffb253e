// hyper/demos/hyper_wrn.cpp: wide residual networks on CIFAR-10 whose kernels one generator makes
//
// Ha, Dai and Le 2016, section 4.2: L2 of 5e-6 on kernels, learnt or generated; images padded, cropped and mirrored;
// Nesterov momentum with a rate that falls at each fifth of the training for learnt kernels, Adam with one that falls
// at each quarter for generated ones. The paper's steps are 140,000 and 672,000. The weights of the epoch with the
// fewest validation errors are tested.
#include <limits>

#include "datasets/data_loader.h"
#include "hyper/demos/cifar_data.h"
#include "hyper/demos/harness/png.h"
#include "hyper/demos/harness/run_main.h"
#include "hyper/demos/harness/table.h"
#include "hyper/demos/harness/training.h"
#include "hyper/demos/weights_at_start.h"
#include "hyper/models/wide_resnet.h"
#include "nn/grouped.h"

namespace weft::demo {
namespace {

using datasets::Batch, datasets::DataLoader;
using hyper::Kernel, hyper::WideResNet;
using nn::grouped;

constexpr double kMomentum = 0.9;

struct WrnSettings {
  int64_t depth = 40, widen = 1, generated_epochs = 0;
  double generated_lr = 0.002, l2 = 5e-6;
  std::string model = "both";
  bool safe_images = false;
} settings;

Setting depth_setting() {
  Setting setting = count("--depth", settings.depth, "layers: 6 N + 4", 10);
  setting.problem = [range = setting.problem](const std::string& text) -> std::string {
    int64_t depth = 0;
    if (std::string problem = range(text); !problem.empty()) return problem;
    parse_number(text, depth);
    return depth % 6 == 4 ? std::string() : fmt::format("'{}' is not 6 N + 4: 10, 16, 22, 28, 34, 40, ...", text);
  };
  return setting;
}

Demo hyper_wrn() {
  const std::map<std::string, std::string> paper{
      {"--depth", "40"},       {"--epochs", "398"}, {"--generated-epochs", "1910"},
      {"--batch-size", "128"}, {"--lr", "0.1"},     {"--checkpoint-every", "100"}};
  std::map<std::string, std::string> narrow = paper, wide = paper;
  narrow["--widen"] = "1";
  wide["--widen"] = "2";
  return {.name = "hyper-wrn",
          .about = "CIFAR-10 with learnt and with generated residual kernels",
          .sample = "images",
          .presets = {{"quick",
                       "WRN-10-1, about nine minutes for both on two cores",
                       {{"--depth", "10"}, {"--epochs", "2"}, {"--batch-size", "128"}, {"--lr", "0.1"}}},
                      {"paper-wrn-40-1", "140k and 672k steps, 53 PFLOP: two weeks on two cores", narrow},
                      {"paper-wrn-40-2", "the same steps, 210 PFLOP: two months on two cores", wide}},
          .settings = {depth_setting(), count("--widen", settings.widen, "k: 16k, 32k and 64k channels"),
                       choice("--model", settings.model, "which kernels", {"both", "free", "generated"}),
                       may_change(count("--generated-epochs", settings.generated_epochs,
                                        "of generated kernels; 0: as --epochs", 0)),
                       positive("--generated-lr", settings.generated_lr, "Adam's first rate, of generated kernels"),
                       number("--l2", settings.l2, "times half the squares of all kernels, in the loss", 0, 1),
                       flag("--safe-images", settings.safe_images, "decode PNG and JPEG in child processes")}};
}

/// One network and all there is to tell about it.
struct Contender {
  std::string name, file;
  Kernel kernel;
  Options options;  ///< with its own number of epochs and rate
  std::unique_ptr<WideResNet> model = {};
  int64_t best_epoch = 0;
  double seconds_per_epoch = 0;
  Scores test = {};
};

/// The paper's rates as factors of the first: 0.1, 0.02, ..., 0.00016 and 0.002, 0.001, 0.0002, 0.00005.
nn::optim::Schedule schedule_of(Kernel kernel, int64_t steps) {
  const std::vector<double> factors = kernel == Kernel::free ? std::vector<double>{1, 0.2, 0.04, 0.008, 0.0016}
                                                             : std::vector<double>{1, 0.5, 0.1, 0.025};
  return nn::optim::LambdaLR{[factors, steps](int64_t t) {
    const int64_t parts = std::ssize(factors);
    return factors[static_cast<size_t>(std::min(t * parts / steps, parts - 1))];
  }};
}

std::unique_ptr<nn::optim::Optimizer> optimizer_of(const Contender& c) {
  std::vector<Variable> parameters = c.model->parameters();
  if (c.kernel == Kernel::generated) {
    return std::make_unique<nn::optim::Adam>(std::move(parameters), nn::optim::AdamOptions{.lr = c.options.lr});
  }
  return std::make_unique<nn::optim::SGD>(
      std::move(parameters), nn::optim::SGDOptions{.lr = c.options.lr, .momentum = kMomentum, .nesterov = true});
}

/// l2 / 2 times the squares of all kernels: its gradient is that of a weight decay of l2.
Variable penalty(const WideResNet& model, double l2) {
  Variable squares;
  for (const Variable& kernel : model.kernels()) {
    const Variable one = sum(square(kernel));
    squares = squares.defined() ? squares + one : one;
  }
  return squares * (l2 / 2);
}

void train_and_test(Contender& c, Streams& streams, const ImageData& data, RunFolder& folder) {
  WideResNet& model = *c.model;
  DataLoader loader(data.train, {.batch_size = c.options.batch_size, .transform = cifar10_augmentation()},
                    &streams.shuffle);
  const std::unique_ptr<nn::optim::Optimizer> optimizer = optimizer_of(c);
  nn::optim::LrScheduler schedule(*optimizer, schedule_of(c.kernel, c.options.epochs * loader.size()));
  Training training({.model = c.name,
                     .file = c.file,
                     .sample = "images",
                     .steps_per_epoch = loader.size(),
                     .max_grad_norm = std::numeric_limits<double>::infinity()},  // never clipped, only checked
                    {.model = model, .optimizer = *optimizer, .scheduler = &schedule, .streams = &streams}, c.options,
                    folder);
  training.validate = [&] { return errors_first(evaluate(model, data.validation, normalized_cifar10)); };
  training.fit(loader, [&](const Batch& batch) {
    const Variable logits = logits_of(model, batch.images);
    training.note("error", 1 - nn::accuracy(logits.value(), batch.labels));
    training.samples(batch.labels.numel());
    return nn::cross_entropy(logits, batch.labels) + penalty(model, settings.l2);
  });
  c.test = training.test([&] { return scores_of(evaluate(model, data.test, normalized_cifar10)); });
  c.best_epoch = training.best_epoch();
  c.seconds_per_epoch = training.seconds_per_epoch();
}

/// The paper's test error of this network; a dash where it has none.
std::string papers_error(const Contender& c) {
  const bool free = c.kernel == Kernel::free;
  if (settings.depth != 40 || settings.widen > 2) return "-";
  if (settings.widen == 1) return free ? "6.73 %" : "8.02 %";
  return free ? "5.66 %" : "7.23 %";
}

std::vector<std::vector<std::string>> results(const std::vector<Contender>& contenders) {
  std::vector<std::vector<std::string>> rows{
      {"model", "parameters", "test error", "the paper's", "best epoch", "s/epoch"}};
  for (const Contender& c : contenders) {
    rows.push_back({c.name, grouped(c.model->num_parameters()), fmt::format("{:.2f} %", 100 * c.test.back().second),
                    papers_error(c), std::to_string(c.best_epoch), fmt::format("{:.1f}", c.seconds_per_epoch)});
  }
  return rows;
}

/// Generated kernels beside those of the same network with learnt ones, which may not be trained in this run.
hyper::StartupCheck start_of(const WideResNet& generated, const Options& options) {
  hyper::WideResNetOptions of_learnt = generated.options();
  of_learnt.kernel = Kernel::free;
  Streams streams(options.seed);
  const WideResNet learnt(of_learnt, streams.init);
  nn::StateDict target;
  nn::Weights made;
  for (int64_t group = 0; group < 3; ++group) {
    const std::string name = fmt::format("last kernel of group {}", group + 1);
    target[name] = learnt.last_kernel(group).value();
    made[name] = generated.last_kernel(group);
  }
  return hyper::startup_check(target, made);
}

void print_introduction(const std::vector<Contender>& contenders, const ImageData& data, const Options& options) {
  if (options.quiet) return;
  print_data(data, "not all of CIFAR-10: named by its folder");
  for (const Contender& c : contenders) {
    fmt::print("{:<11} {} parameters\n", c.name, grouped(c.model->num_parameters()));
    if (options.verbose) fmt::print("\n{}\n", c.model->summary());
  }
  if (const Contender& c = contenders.back(); c.kernel == Kernel::generated) {
    print_weights_at_start(
        start_of(*c.model, options),
        "This is the initialiser of the authors' notebook, which batch norm makes up for: kept, so that results "
        "compare.",
        options);
  }
  fmt::print("\n");
  std::fflush(stdout);
}

/// The last kernels of the three groups, as the paper's figures 12 and 13 show them.
void write_kernels(const Contender& c, const RunFolder& folder, std::vector<Section>& sections) {
  constexpr int64_t kEnlarge = 3;
  for (int64_t group = 0; group < 3; ++group) {
    const std::string png = png_of(kernel_grid(c.model->last_kernel(group).value().to(cpu), kEnlarge));
    folder.write(fmt::format("kernels-{}-group{}.png", c.file, group + 1), png);
    sections.push_back(picture(fmt::format("{}: last kernel of group {}", c.name, group + 1), png));
  }
}

void report_results(const std::vector<Contender>& contenders, const ImageData& data, const RunFolder& folder) {
  std::vector<Section> sections{table_section("results", results(contenders))};
  for (const Contender& c : contenders) write_kernels(c, folder, sections);
  folder.write_report("hyper-wrn on " + data.train.name, sections);
  fmt::print("{}\n\n{}\n{}\n", data.train.name, table(results(contenders)), folder.path().string());
}

std::vector<Contender> contenders_for(const Options& options) {
  const std::string size = fmt::format("{}-{}", settings.depth, settings.widen);
  std::vector<Contender> contenders;
  if (settings.model != "generated") {
    contenders.push_back({.name = "WRN-" + size, .file = "free", .kernel = Kernel::free, .options = options});
  }
  if (settings.model != "free") {
    contenders.push_back(
        {.name = "hyper-" + size, .file = "generated", .kernel = Kernel::generated, .options = options});
    Options& own = contenders.back().options;
    if (settings.generated_epochs > 0) own.epochs = settings.generated_epochs;
    own.lr = settings.generated_lr;
  }
  return contenders;
}

void run(const Demo& demo, const Options& options) {
  using datasets::DecodeImages;
  const ImageData data =
      cifar10_data(demo.name, options, settings.safe_images ? DecodeImages::in_sandbox : DecodeImages::in_process);
  std::vector<Contender> contenders = contenders_for(options);
  std::vector<Streams> streams(contenders.size(), Streams(options.seed));  // equal: same batches, same crops
  for (size_t i = 0; i < contenders.size(); ++i) {
    contenders[i].model = std::make_unique<WideResNet>(
        hyper::WideResNetOptions{.depth = settings.depth, .widen = settings.widen, .kernel = contenders[i].kernel},
        streams[i].init);
    contenders[i].model->to(options.model_dtype());
  }
  print_introduction(contenders, data, options);
  if (options.dry_run) return;
  RunFolder folder(
      demo, options,
      {.data = description_of(data), .parameters = parameters_of(contenders), .recipe = {{"momentum", kMomentum}}});
  for (size_t i = 0; i < contenders.size(); ++i) train_and_test(contenders[i], streams[i], data, folder);
  report_results(contenders, data, folder);
}

}  // namespace
}  // namespace weft::demo

int main(int argc, char** argv) {
  using namespace weft::demo;
  const Demo demo = hyper_wrn();
  return run_main(argc, argv, demo, [&](const Options& options) { run(demo, options); });
}
