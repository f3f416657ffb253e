// hyper/demos/hyper_coordinate.cpp: the paper's first experiment: a matrix of 200,704 weights painted by 801 parameters
//
// Ha, Dai and Le 2016, appendix A.1: a painted network beside one that learns its matrix, both on the same batches of
// MNIST. The paper names neither optimiser nor schedule: here Adam with a rate that falls to zero as a half cosine. The
// weights of the epoch with the fewest validation errors are tested.
#include "datasets/data_loader.h"
#include "hyper/demos/classification.h"
#include "hyper/demos/harness/png.h"
#include "hyper/demos/harness/run_main.h"
#include "hyper/demos/harness/table.h"
#include "hyper/demos/harness/training.h"
#include "hyper/demos/image_data.h"
#include "hyper/demos/weights_at_start.h"
#include "hyper/models/coordinate_net.h"
#include "nn/grouped.h"

namespace weft::demo {
namespace {

using datasets::DataLoader;
using hyper::CoordinateNet, hyper::Kernel;
using nn::grouped;

constexpr double kMaxGradNorm = 100;

const Demo kHyperCoordinate{
    .name = "hyper-coordinate",
    .about = "MNIST with a matrix learnt and one painted from coordinates",
    .sample = "images",
    .presets = {
        {"quick", "both networks in two minutes", {{"--epochs", "6"}, {"--batch-size", "250"}, {"--lr", "0.003"}}},
        {"long", "20 minutes", {{"--epochs", "100"}, {"--batch-size", "250"}, {"--lr", "0.003"}}}}};

/// One network and all there is to tell about it.
struct Contender {
  std::string name, file;
  Kernel kernel;
  std::string paper;  ///< its best accuracy there
  std::unique_ptr<CoordinateNet> model = {};
  int64_t best_epoch = 0;
  double seconds_per_epoch = 0;
  Scores test = {};
};

void train_and_test(Contender& c, Streams& streams, const ImageData& data, const Options& options, RunFolder& folder) {
  CoordinateNet& model = *c.model;
  DataLoader loader(data.train, {.batch_size = options.batch_size}, &streams.shuffle);
  nn::optim::Adam adam(model.parameters(), {.lr = options.lr});
  nn::optim::LrScheduler decay(adam, nn::optim::CosineAnnealingLR{.t_max = options.epochs * loader.size()});
  Training training({.model = c.name,
                     .file = c.file,
                     .sample = "images",
                     .steps_per_epoch = loader.size(),
                     .max_grad_norm = kMaxGradNorm},
                    {.model = model, .optimizer = adam, .scheduler = &decay, .streams = &streams}, options, folder);
  train_classifier(training, model, loader, data.validation);
  c.test = training.test([&] { return scores_of(evaluate(model, data.test)); });
  c.best_epoch = training.best_epoch();
  c.seconds_per_epoch = training.seconds_per_epoch();
}

/// What the matrix costs; all else is the same in both.
int64_t matrix_parameters(const Contender& c) {
  const nn::StateDict state = c.model->state_dict();
  int64_t count = 0;
  for (const auto& [name, tensor] : state) {
    if (name == "weight" || name.starts_with("painter.")) count += tensor.numel();
  }
  return count;
}

std::vector<std::vector<std::string>> results(const std::vector<Contender>& contenders) {
  std::vector<std::vector<std::string>> rows{
      {"model", "parameters", "of them the matrix", "test accuracy", "the paper's (MNIST)", "best epoch", "s/epoch"}};
  for (const Contender& c : contenders) {
    rows.push_back({c.name, grouped(c.model->num_parameters()), grouped(matrix_parameters(c)),
                    fmt::format("{:.2f} %", 100 - 100 * c.test.back().second), c.paper, std::to_string(c.best_epoch),
                    fmt::format("{:.1f}", c.seconds_per_epoch)});
  }
  return rows;
}

void print_introduction(const std::vector<Contender>& contenders, const ImageData& data, const Options& options) {
  if (options.quiet) return;
  print_data(data, "neither MNIST nor Fashion-MNIST: named by its folder, classes 0 to 9");
  for (const Contender& c : contenders) {
    fmt::print("{:<11} {} parameters, {} of them for the matrix of 200,704 weights\n", c.name,
               grouped(c.model->num_parameters()), grouped(matrix_parameters(c)));
    if (options.verbose) fmt::print("\n{}\n", c.model->summary());
  }
  print_weights_at_start(hyper::startup_check(nn::StateDict{{"matrix", contenders[0].model->hidden_weight().value()}},
                                              {{"matrix", contenders[1].model->hidden_weight()}}),
                         "A painter of another --seed may start nearer: the paper names no initialiser.", options);
  fmt::print("\n");
  std::fflush(stdout);
}

/// A 28 x 28 filter for each unit, where the unit stands on its grid: the paper's figure 8.
Section write_filters(const Contender& c, const RunFolder& folder) {
  constexpr int64_t kEnlarge = 1;
  const std::string png = png_of(kernel_grid(c.model->filters().value().to(cpu), kEnlarge));
  folder.write(fmt::format("filters-{}.png", c.file), png);
  return picture(fmt::format("filters of the 16 x 16 hidden units: {}", c.name), png);
}

void report_results(const std::vector<Contender>& contenders, const ImageData& data, const RunFolder& folder) {
  std::vector<Section> sections{table_section("results", results(contenders))};
  for (const Contender& c : contenders) sections.push_back(write_filters(c, folder));
  folder.write_report("hyper-coordinate on " + data.train.name, sections);
  fmt::print("{}\n\n{}\n{}\n", data.train.name, table(results(contenders)), folder.path().string());
}

void run(const Options& options) {
  const ImageData data = mnist_data(kHyperCoordinate.name, options);
  std::vector<Contender> contenders;
  contenders.push_back({.name = "learnt", .file = "free", .kernel = Kernel::free, .paper = "98.5 %"});
  contenders.push_back({.name = "painted", .file = "painted", .kernel = Kernel::generated, .paper = "93.5 %"});
  std::vector<Streams> streams(contenders.size(), Streams(options.seed));  // equal: same batches
  for (size_t i = 0; i < contenders.size(); ++i) {
    contenders[i].model = std::make_unique<CoordinateNet>(contenders[i].kernel, streams[i].init);
    contenders[i].model->to(options.model_dtype());
  }
  print_introduction(contenders, data, options);
  if (options.dry_run) return;
  RunFolder folder(kHyperCoordinate, options,
                   {.data = description_of(data),
                    .parameters = parameters_of(contenders),
                    .recipe = {{"max-grad-norm", kMaxGradNorm}}});
  for (size_t i = 0; i < contenders.size(); ++i) train_and_test(contenders[i], streams[i], data, options, folder);
  report_results(contenders, data, folder);
}

}  // namespace
}  // namespace weft::demo

int main(int argc, char** argv) {
  return weft::demo::run_main(argc, argv, weft::demo::kHyperCoordinate, weft::demo::run);
}
