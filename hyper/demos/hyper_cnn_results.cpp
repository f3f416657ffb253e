// hyper/demos/hyper_cnn_results.cpp: tables, pictures and metrics of hyper-cnn
#include "hyper/demos/hyper_cnn_results.h"

#include "hyper/demos/harness/png.h"
#include "hyper/demos/harness/report.h"
#include "hyper/demos/harness/table.h"
#include "hyper/demos/weights_at_start.h"
#include "nn/grouped.h"
#include "tensor/create.h"
#include "tensor/indexing.h"

namespace weft::demo {
namespace {

using nn::grouped;

constexpr int64_t kKernelEnlarge = 5, kMistakeEnlarge = 2, kMistakeColumns = 16;
constexpr size_t kMostMistakes = 160;

/// What the second kernel costs: the kernel itself, or its generator and embedding. All else is the same in both.
int64_t kernel_weights(const Contender& c, const Contender& free) {
  const int64_t shared = free.model->num_parameters() - free.model->second_kernel().numel();
  return c.model->num_parameters() - shared;
}

std::vector<std::vector<std::string>> results(const std::vector<Contender>& contenders) {
  std::vector<std::vector<std::string>> rows{
      {"model", "parameters", "of them 2nd kernel", "test accuracy", "test error", "best epoch", "s/epoch"}};
  for (const Contender& c : contenders) {
    rows.push_back({c.name, grouped(c.model->num_parameters()), grouped(kernel_weights(c, contenders[0])),
                    fmt::format("{:.2f} %", 100 * c.test.accuracy),
                    fmt::format("{:.2f} %", 100 - 100 * c.test.accuracy), std::to_string(c.best_epoch),
                    fmt::format("{:.1f}", c.seconds_per_epoch)});
  }
  return rows;
}

Image kernel_picture(const std::vector<Contender>& contenders) {
  const auto title = [&](const Contender& c) {  // no wider than its half of the picture
    const int64_t weights = c.model->second_kernel().numel(), parameters = kernel_weights(c, contenders[0]);
    return fmt::format("{}: {} weights{} learnt", c.name, grouped(weights),
                       weights == parameters ? "," : " from " + grouped(parameters));
  };
  const Contender &learnt = contenders[0], &generated = contenders[1];
  return side_by_side(kernel_grid(learnt.model->second_kernel().value(), kKernelEnlarge), title(learnt),
                      kernel_grid(generated.model->second_kernel().value(), kKernelEnlarge), title(generated));
}

/// Test images that at least one network takes for something else.
Section write_mistakes(const std::vector<Contender>& contenders, const datasets::LabelledImages& test,
                       const RunFolder& folder) {
  const std::vector<int64_t> labels = test.labels.to_vector<int64_t>();
  const std::vector<int64_t>&plain = contenders[0].test.predicted, &hyper = contenders[1].test.predicted;
  const auto name = [&](int64_t label) { return test.classes.at(static_cast<size_t>(label)); };
  std::vector<std::vector<std::string>> rows{{"place", "test image", "true", contenders[0].name, contenders[1].name}};
  std::vector<int64_t> wrong;
  std::vector<std::string> captions;
  for (size_t i = 0; i < plain.size(); ++i) {
    if (plain[i] == labels[i] && hyper[i] == labels[i]) continue;
    rows.push_back({captions.size() < kMostMistakes ? std::to_string(captions.size() + 1) : "-", std::to_string(i),
                    name(labels[i]), name(plain[i]), name(hyper[i])});
    if (captions.size() == kMostMistakes) continue;
    captions.push_back(fmt::format("{}: {} {}", labels[i], plain[i], hyper[i]));
    wrong.push_back(static_cast<int64_t>(i));
  }
  folder.write("mistakes.txt",
               fmt::format("Test images that a network got wrong: true class and both answers. The first {} stand in\n"
                           "mistakes.png, row by row, with class numbers under them: \"true: {} {}\".\n\n{}",
                           wrong.size(), contenders[0].name, contenders[1].name, table(rows)));
  const Tensor images = index_select(test.images.to(cpu), 0, from_data(wrong, {int64_t(wrong.size())}, cpu));
  const std::string png = png_of(image_grid(images, captions, kMistakeColumns, kMistakeEnlarge));
  folder.write("mistakes.png", png);
  return picture("misclassified test images (\"true class: answers\")", png);
}

}  // namespace

void print_introduction(const std::vector<Contender>& contenders, const ImageData& data, const Options& options) {
  if (options.quiet) return;
  print_data(data, "neither MNIST nor Fashion-MNIST: named by its folder, classes 0 to 9");
  for (const Contender& c : contenders) {
    fmt::print("{:<11} {} parameters\n", c.name, grouped(c.model->num_parameters()));
    if (options.verbose) fmt::print("\n{}\n", c.model->summary());
  }
  print_weights_at_start(
      hyper::startup_check(nn::StateDict{{"second kernel", contenders[0].model->second_kernel().value()}},
                           {{"second kernel", contenders[1].model->second_kernel()}}),
      "This is the paper's own initialiser (the authors' notebook): kept, so that results compare.", options);
  fmt::print("\n");
  std::fflush(stdout);
}

void report_results(const std::vector<Contender>& contenders, const ImageData& data, const RunFolder& folder) {
  const std::string kernels = png_of(kernel_picture(contenders));
  folder.write("kernels.png", kernels);
  std::vector<Section> sections{table_section("results", results(contenders)),
                                picture("kernels of the second layer, learnt and generated", kernels),
                                write_mistakes(contenders, data.test, folder)};
  folder.write_report("hyper-cnn on " + data.train.name, sections);
  fmt::print("{}\n\n{}\n{}\n", data.train.name, table(results(contenders)), folder.path().string());
}

}  // namespace weft::demo
