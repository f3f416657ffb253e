// hyper/demos/hyper_cnn_results.cpp: tables, pictures and metrics of hyper-cnn
#include "hyper/demos/hyper_cnn_results.h"

#include <cmath>

#include "hyper/demos/harness/png.h"
#include "hyper/demos/harness/table.h"
#include "nn/grouped.h"
#include "tensor/create.h"
#include "tensor/indexing.h"

namespace weft::demo {
namespace {

using nn::grouped;

constexpr size_t kSmoothing = 10;  ///< steps a point of the training curve
constexpr int64_t kKernelEnlarge = 5, kMistakeEnlarge = 2, kMistakeColumns = 16;
constexpr size_t kMostMistakes = 160;

double steps_to_epochs(int64_t step, int64_t epoch_batches) {
  return static_cast<double>(step) / static_cast<double>(epoch_batches);
}

/// What the second kernel costs: the kernel itself, or its generator and embedding. All else is the same in both.
int64_t kernel_weights(const Contender& c, const Contender& free) {
  const int64_t shared = free.model->num_parameters() - free.model->second_kernel().numel();
  return c.model->num_parameters() - shared;
}

std::string results_table(const std::vector<Contender>& contenders) {
  std::vector<std::vector<std::string>> rows{
      {"model", "parameters", "of them 2nd kernel", "test accuracy", "test error", "best epoch", "s/epoch"}};
  for (const Contender& c : contenders) {
    rows.push_back({c.name, grouped(c.model->num_parameters()), grouped(kernel_weights(c, contenders[0])),
                    fmt::format("{:.2f} %", 100 * c.test.accuracy),
                    fmt::format("{:.2f} %", 100 - 100 * c.test.accuracy), std::to_string(c.best_epoch),
                    fmt::format("{:.1f}", c.training_seconds / static_cast<double>(c.epochs))});
  }
  return table(rows);
}

std::string loss_chart(const std::vector<Contender>& contenders, const std::string& data_name) {
  std::vector<Curve> curves;
  for (const Contender& c : contenders) {
    curves.push_back({c.name + ", training", c.colour, Stroke::solid, smoothed(c.train_loss.points, kSmoothing)});
    curves.push_back({c.name + ", validation", c.colour, Stroke::dashed, c.validation_loss.points});
  }
  return svg_chart({"Learnt and generated kernels on " + data_name, "epoch", "cross-entropy (nats, log scale)"},
                   curves);
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
void write_mistakes(const std::vector<Contender>& contenders, const datasets::LabelledImages& test,
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
  folder.write("mistakes.png", png_of(image_grid(images, captions, kMistakeColumns, kMistakeEnlarge)));
}

}  // namespace

DataDescription description_of(const Data& data) {
  return {data.train.name,
          data.folder,
          {{"train", data.train.size()}, {"validation", data.validation.size()}, {"test", data.test.size()}}};
}

Report::Report(Contender& contender, const Options& options, RunFolder& folder)
    : contender_(contender), options_(options), folder_(folder) {}

void Report::begin_epoch(int64_t epoch, int64_t batches) {
  epoch_ = epoch;
  epoch_batches_ = batches;
  epoch_steps_ = 0;
  epoch_loss_ = 0;
  epoch_start_ = watch_.seconds();
  progress_.emplace(fmt::format("{} epoch {}/{}", contender_.name, epoch, options_.epochs), batches, options_.quiet);
}

void Report::check_finite(std::string_view what, double value) const {
  if (std::isfinite(value)) return;
  throw Diverged(fmt::format("{}: the {} is {} in epoch {}, after {} steps; hint: try a smaller --lr than {}",
                             contender_.name, what, value, epoch_, steps_, options_.lr));
}

void Report::step(double loss, double accuracy, int64_t images) {
  ++steps_;
  ++epoch_steps_;
  epoch_loss_ += loss;
  contender_.train_loss.points.emplace_back(steps_to_epochs(steps_, epoch_batches_), loss);
  folder_.log({steps_, epoch_, contender_.file, "train", loss, accuracy, watch_.seconds()});
  progress_->step(images, loss);
}

void Report::end_training() {
  progress_.reset();
  epoch_seconds_ = watch_.seconds() - epoch_start_;
  contender_.training_seconds += epoch_seconds_;
  contender_.epochs = epoch_;
}

bool Report::is_best(const Score& validation) {
  check_finite("validation loss", validation.loss);
  contender_.validation_loss.points.emplace_back(steps_to_epochs(steps_, epoch_batches_), validation.loss);
  folder_.log({steps_, epoch_, contender_.file, "validation", validation.loss, validation.accuracy, watch_.seconds()});
  if (!options_.quiet) {
    fmt::print("{:<9}  epoch {}/{}  train loss {:.4f}  validation accuracy {:.2f} %  {:.1f} s\n", contender_.name,
               epoch_, options_.epochs, epoch_loss_ / static_cast<double>(epoch_steps_), 100 * validation.accuracy,
               epoch_seconds_);
    if (epoch_ == options_.epochs) fmt::print("\n");
    std::fflush(stdout);
  }
  if (validation.accuracy <= best_accuracy_) return false;
  best_accuracy_ = validation.accuracy;
  contender_.best_epoch = epoch_;
  return true;
}

void Report::test(const Score& score) {
  check_finite("test loss", score.loss);
  contender_.test = score;
  folder_.log({steps_, epoch_, contender_.file, "test", score.loss, score.accuracy, watch_.seconds()});
}

void print_introduction(const std::vector<Contender>& contenders, const Data& data, const Options& options) {
  if (options.quiet) return;
  fmt::print("data        {}: {} to train, {} to validate, {} to test\n", data.train.name, grouped(data.train.size()),
             grouped(data.validation.size()), grouped(data.test.size()));
  fmt::print("            from '{}'\n", data.folder.string());
  if (!data.recognised) {
    fmt::print("            neither MNIST nor Fashion-MNIST: named by its folder, classes 0 to 9\n");
  }
  for (const Contender& c : contenders) {
    fmt::print("{:<11} {} parameters\n", c.name, grouped(c.model->num_parameters()));
    if (options.verbose) fmt::print("\n{}\n", c.model->summary());
  }
  fmt::print("\n");
  std::fflush(stdout);
}

void report_results(const std::vector<Contender>& contenders, const Data& data, const RunFolder& folder) {
  folder.write("kernels.png", png_of(kernel_picture(contenders)));
  folder.write("loss.svg", loss_chart(contenders, data.train.name));
  write_mistakes(contenders, data.test, folder);
  fmt::print("{}\n\n{}\n{}\n", data.train.name, results_table(contenders), folder.path().string());
}

}  // namespace weft::demo
