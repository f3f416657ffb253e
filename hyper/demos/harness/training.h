// hyper/demos/harness/training.h: one model of a run, from its first step to its best weights, through every stop
#pragma once
#include <optional>
#include <string>

#include "hyper/demos/harness/epoch_times.h"
#include "hyper/demos/harness/profile.h"
#include "hyper/demos/harness/progress.h"
#include "hyper/demos/harness/repeated.h"
#include "hyper/demos/harness/run_folder.h"
#include "nn/trainer.h"

namespace weft::demo {

/// What a demo says about one model's training.
struct TrainingPlan {
  std::string model;               ///< in tables and progress: "hyper-CNN"
  std::string file;                ///< in file names and metrics: "hyper"
  std::string sample = "samples";  ///< what samples() counts
  int64_t steps_per_epoch = 1;
  std::optional<double> max_grad_norm = {};
  std::optional<int64_t> patience = {};  ///< validations that are no better before it stops
  int64_t sample_every = 0;              ///< steps between calls of Training::sample; 0: none
};

/// nn::Trainer with what a run adds: progress, metrics.jsonl, checkpoints, signals, the best epoch's weights.
///
///   Training training(plan, {.model = model, .optimizer = adam, .streams = &streams}, options, folder);
///   training.validate = [&] { return Scores{{"loss", loss_of(validation)}}; };
///   training.fit(loader, [&](const Batch& batch) { return nn::cross_entropy(model(batch.images), batch.labels); });
///   training.test([&] { return Scores{{"loss", loss_of(test)}}; });
///
/// In a resumed run it begins where the checkpoint stands, and ends with the bits of a run that was never stopped.
class Training {
 public:
  /// In a resumed run, loads what the checkpoint holds of this model.  Throws FileError: a state that does not fit.
  Training(TrainingPlan plan, nn::TrainingParts parts, const Options& options, RunFolder& folder);

  /// After each epoch, or every --eval-every steps, in eval mode; the first score decides which weights are the best,
  /// lower is better.
  std::function<Scores()> validate;
  /// Every plan.sample_every steps, in eval mode: shows what the model has learnt so far. It must draw from no stream
  /// of the run.
  std::function<void()> sample;

  /// Walks `batches`, which has begin(), end() and load_state(LoaderState) as a DataLoader has, until all epochs or
  /// steps are done; then goes back to the weights of the best epoch. A run that had finished goes on from its last
  /// weights when it is resumed with more epochs or steps, and is tested anew.
  /// Throws Diverged (no checkpoint ever holds a value that is not finite), Interrupted (a checkpoint is written
  /// first), WriteError.
  template <class Batches, class LossOf>
  void fit(Batches& batches, const LossOf& loss_of) {
    folder_.go_on();
    if (goes_on() || is_behind()) {
      const nn::Progress now = trainer_.progress();
      if (options_.overfit_batch) {
        Repeated only(first_of(batches), plan_.steps_per_epoch, now.batch);
        run([&] { trainer_.fit(only, loss_of); });
      } else {
        batches.load_state({batches.state().seed, now.epoch, now.batch});
        run([&] { trainer_.fit(batches, loss_of); });
      }
    }
    finish();
  }

  /// For loss_of: another score of the step at hand, for its line in metrics.jsonl.
  void note(const std::string& name, double value) { noted_.emplace_back(name, value); }
  /// For loss_of: how many samples the step has, for the rate that is shown.
  void samples(int64_t n) { samples_ += n; }

  /// The best weights' scores; measured once, and kept over stops.  Throws Diverged: no finite number; Interrupted.
  Scores test(const std::function<Scores()>& measure);

  /// For what is measured beside validate and test, which are called in here: when `work` ends by stop_if_signalled()
  /// a checkpoint is written first, and the message says how to go on; a loss that finite_loss() refused is a Diverged
  /// that says in which `split` of which epoch.
  void evaluate(std::string_view split, const std::function<void()>& work);

  int64_t steps() const { return trainer_.progress().step; }
  int64_t best_epoch() const { return best_epoch_; }
  /// Of training alone, without evaluation.
  double seconds_per_epoch() const;

 private:
  /// The first batch of the first epoch. The streams stay where they are, so that a resumed run makes the same one.
  template <class Batches>
  auto first_of(Batches& batches) {
    const std::optional<Streams> before = parts_.streams == nullptr ? std::nullopt : std::optional(*parts_.streams);
    batches.load_state({batches.state().seed, 0, 0});
    auto batch = *batches.begin();
    if (before) *parts_.streams = *before;
    return batch;
  }
  bool goes_on() const;
  /// That --steps asks for.
  bool has_all_steps() const;
  /// Whether the run was stopped in the midst of what is due after a step.
  bool is_behind() const { return attended_ != trainer_.progress().step; }
  void run(const std::function<void()>& fit);
  void begin_progress();
  void on_step();
  void attend();
  double on_validation();
  void on_epoch();
  void take_best(int64_t epoch);
  void report_times();
  void profile_steps();
  void report_profile();
  void finish();
  void load(const nn::StateDict& state);
  void save();
  void check_savable(const nn::StateDict& state) const;
  void log(const std::string& split, const Scores& scores);
  void check_finite(std::string_view split, const Scores& scores) const;
  /// `fact`: an error's text, whose hint is left out; `part` of the epoch: "the validation of ".
  Diverged diverged(std::string_view fact, const std::string& part = "") const;
  void stoppable(const std::function<void()>& work);
  void stop_if_asked();
  int64_t epoch() const;  ///< the one at hand, from 1

  TrainingPlan plan_;
  const Options& options_;
  RunFolder& folder_;
  nn::TrainingParts parts_;
  nn::Trainer trainer_;
  nn::StateDict best_;  ///< the best epoch's weights
  nn::StateDict last_;  ///< once fit has ended: the trainer's state, whose model then holds the best weights
  Scores noted_, tested_;
  int64_t best_epoch_ = 0, samples_ = 0;
  int64_t attended_ = 0;         ///< the step after which all was done that was due
  double seconds_before_ = 0;    ///< of earlier runs
  double training_seconds_ = 0;  ///< without evaluation
  double evaluation_seconds_ = 0;
  std::vector<EpochEnd> ends_;  ///< of the epochs so far
  double recent_loss_ = 0;      ///< sum over the steps since the last validation
  double recent_seconds_ = 0;   ///< of training, since then or since the run went on
  int64_t recent_steps_ = 0;    ///< since the last validation
  Stopwatch watch_, step_watch_;
  std::optional<Progress> progress_;
  Profile profile_;
};

}  // namespace weft::demo
