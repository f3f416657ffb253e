// nn/trainer.h: the training loop with what surrounds it. Optional: a loop written by hand reads as well
#pragma once
#include <functional>
#include <limits>
#include <optional>

#include "autograd/tape.h"
#include "nn/checkpoint.h"

namespace weft::nn {

enum class SchedulePer : bool { step, epoch };
/// When `validate` is called: by fit after each epoch, or by validate_now alone.
enum class ValidatePer : bool { epoch, call };

struct TrainerOptions {
  int64_t epochs = 1;
  int64_t accumulate = 1;               ///< batches a step: the gradient is the mean of theirs
  std::optional<double> max_grad_norm;  ///< as clip_grad_norm_
  std::optional<int64_t> patience;      ///< stops when the metric was not better for more than so many validations
  optim::Goal goal = optim::Goal::min;  ///< of the metric
  SchedulePer schedule_per = SchedulePer::step;
  ValidatePer validate_per = ValidatePer::epoch;
};

/// A loss or the gradient's norm is no finite number.
class NonFinite : public Error {
 public:
  NonFinite(const std::string& message, std::string fact) : Error(message), fact(std::move(fact)) {}

  std::string fact;  ///< "the loss is nan, first in exp: ...", for a message that says in its own way where that was
};

/// Where a run stands. In on_epoch_end `epoch` is the number of epochs done.
struct Progress {
  int64_t epoch = 0, batch = 0, step = 0;
  double loss = std::numeric_limits<double>::quiet_NaN();  ///< of the last step, mean of its batches
  double grad_norm =
      std::numeric_limits<double>::quiet_NaN();              ///< of the last step, before clipping; max_grad_norm only
  double metric = std::numeric_limits<double>::quiet_NaN();  ///< of the last validation
  double best = std::numeric_limits<double>::quiet_NaN();    ///< the best metric so far
  int64_t epochs_since_best = 0;                             ///< validations, when they are not one an epoch
};

/// Runs epochs over batches. What a batch is and how its loss is computed stays with the caller:
///
///   Trainer trainer({.model = model, .optimizer = adam, .streams = &streams}, {.epochs = 10});
///   trainer.validate = [&] { return validation_loss(model); };
///   trainer.on_epoch_end = [&](Trainer& t) { t.save("run.safetensors"); };
///   trainer.fit(loader, [&](const Batch& batch) { return nn::cross_entropy(model(batch.images), batch.labels); });
///
/// To go on: trainer.load("run.safetensors"), set the batches to progress().epoch and .batch (of a DataLoader:
/// load_state), then fit: the same bits as without the stop. Checkpoints are made between steps.
class Trainer {
 public:
  /// Throws: epochs negative, accumulate below 1, max_grad_norm or patience negative.
  explicit Trainer(TrainingParts parts, TrainerOptions options = {});

  std::function<double()> validate;            ///< after each epoch, in eval mode, with the EMA's weights if any
  std::function<void(Trainer&)> on_step_end;   ///< after each optimiser's step
  std::function<void(Trainer&)> on_epoch_end;  ///< after each validation
  std::function<void(const Tape&)> on_loss;    ///< of each batch: its tape before backward, and after it
  std::function<void(const Tape&)> on_backward;
  TapeOptions tape_options;  ///< of the batches to come

  /// `batches` is walked once an epoch; loss_of(batch) returns a scalar Variable and is called on a live tape.
  /// Throws: a loss that is not a scalar. NonFinite: a loss or a gradient norm that is not; the batch is then computed
  /// once more, with the same random numbers and carried tensors, to name the first op whose result was not finite. No
  /// step is made of it. A mask of -inf on the way is the first such result, and is named. Anomaly: what
  /// tape_options.detect_anomaly finds. Whatever is thrown, also by loss_of or by the batches, takes the batches that
  /// waited for a step back with it: gradients are zero, progress().batch is the first of them, and fit may be called
  /// again.
  template <class Batches, class LossOf>
  void fit(Batches&& batches, const LossOf& loss_of) {
    stopped_ = false;
    try {
      while (!stopped_ && progress_.epoch < options_.epochs) {
        parts_.model.train();
        for (const auto& batch : batches) {
          add_batch([&] { return loss_of(batch); });
          if (stopped_) return;
        }
        end_epoch();
      }
    } catch (...) {
      drop_pending();
      throw;
    }
  }

  /// Calls `validate` and takes its metric, as after an epoch; leaves the model in training mode. For on_step_end.
  /// Throws: no validate.
  void validate_now();
  /// Ends fit after the step or the epoch at hand; for callbacks.
  void stop() { stopped_ = true; }
  const Progress& progress() const { return progress_; }

  /// All parts, and the progress as "progress.name".  Throws: in the middle of an accumulation.
  StateDict state_dict() const;
  /// Throws (nothing changed): a state that does not fit, all problems listed.
  void load_state_dict(const StateDict& state);
  /// The same as one file.  Throws: as above; FileError.
  void save(const std::filesystem::path& path) const;
  void load(const std::filesystem::path& path);

 private:
  class Rewind;
  /// ", first in ...": the op that made the first value that is not finite; empty when it is not known.
  using Explain = std::function<std::string()>;
  void add_batch(const std::function<Variable()>& loss_of);
  void step(const Explain& explain);
  void check_finite(std::string_view what, double value, const Explain& explain) const;
  /// Forgets the batches since the last step.
  void drop_pending();
  void end_epoch();
  void take_metric();

  TrainingParts parts_;
  TrainerOptions options_;
  Progress progress_;
  int64_t pending_ = 0;  ///< batches whose gradients wait for a step
  double pending_loss_ = 0;
  bool stopped_ = false;
};

}  // namespace weft::nn
