// hyper/demos/hyper_cnn_results.h: what hyper-cnn tells and draws; the training itself stands in hyper_cnn.cpp
#pragma once
#include <memory>
#include <optional>

#include "datasets/dataset.h"
#include "hyper/demos/harness/chart.h"
#include "hyper/demos/harness/progress.h"
#include "hyper/demos/harness/run_folder.h"
#include "hyper/models/mnist_cnn.h"

namespace weft::demo {

/// `quick` trains both networks in a few minutes on two cores.
inline const Demo kHyperCnn{.name = "hyper-cnn",
                            .about = "MNIST with learnt and with generated kernels",
                            .presets = {{"quick", 4, 250}, {"paper", 50, 1000}},
                            .lr = 0.005};

struct Data {
  datasets::LabelledImages train, validation, test;
  std::filesystem::path folder = {};
  bool recognised = true;  ///< MNIST or Fashion-MNIST; else its classes have numbers for names
};
DataDescription description_of(const Data& data);

struct Score {
  double loss = 0, accuracy = 0;
  std::vector<int64_t> predicted = {};
};

/// One network and all there is to tell about it.
struct Contender {
  std::string name;  ///< in tables
  std::string file;  ///< in file names and metrics
  std::string colour;
  hyper::Kernel kernel;
  std::unique_ptr<hyper::MnistCnn> model = {};
  Curve train_loss = {}, validation_loss = {};
  int64_t best_epoch = 0;
  double training_seconds = 0;
  int64_t epochs = 0;
  Score test = {};
};

/// Follows one network's training: progress, metrics.jsonl, curves, one line an epoch.
class Report {
 public:
  Report(Contender& contender, const Options& options, RunFolder& folder);
  void begin_epoch(int64_t epoch, int64_t batches);
  /// Throws Diverged, naming network, epoch and step: `value` is not finite.
  void check_finite(std::string_view what, double value) const;
  /// After each step.
  void step(double loss, double accuracy, int64_t images);
  bool epoch_is_full() const { return epoch_steps_ == epoch_batches_; }
  int64_t steps() const { return steps_; }
  void end_training();
  /// Takes the epoch's validation score; true when no epoch before had as few errors.  Throws Diverged: no finite loss.
  bool is_best(const Score& validation);
  /// Keeps the score of the best epoch's weights.  Throws Diverged: no finite loss.
  void test(const Score& score);

 private:
  Contender& contender_;
  const Options& options_;
  RunFolder& folder_;
  Stopwatch watch_;
  double epoch_start_ = 0, epoch_seconds_ = 0, epoch_loss_ = 0, best_accuracy_ = -1;
  int64_t steps_ = 0, epoch_ = 0, epoch_steps_ = 0, epoch_batches_ = 0;
  std::optional<Progress> progress_;
};

void print_introduction(const std::vector<Contender>& contenders, const Data& data, const Options& options);

/// The table, kernels.png, loss.svg, mistakes.png with mistakes.txt; the folder's path.
void report_results(const std::vector<Contender>& contenders, const Data& data, const RunFolder& folder);

}  // namespace weft::demo
