// nn/optim/scheduler.h: setting the learning rates of an optimiser's groups, by the step or by a metric
#pragma once
#include <map>
#include <string>

#include "nn/optim/optimizer.h"
#include "nn/optim/schedule.h"

namespace weft::nn::optim {

/// Sets every group's rate to schedule(its base, t), and its momentum where the schedule has one. The bases are the
/// rates that the groups have when this is made, and t = 0 is set at once.
class LrScheduler {
 public:
  /// Throws (nothing changed): the schedule has a momentum, the optimiser has not; and as step().
  LrScheduler(Optimizer& optimizer, Schedule schedule);
  /// To t + 1: after each optimiser's step, or after each epoch, as the schedule counts.
  /// Throws (nothing changed): a step that the schedule refuses, a rate or momentum that the optimiser does.
  void step();
  int64_t steps() const { return steps_; }

  /// "step" int64 [], "base_lr" float64 [groups].
  std::map<std::string, Tensor> state_dict() const;
  /// Sets the rates too.  Throws (nothing changed): entries that are missing or do not fit, all listed; as step().
  void load_state_dict(const std::map<std::string, Tensor>& state);

 private:
  /// To step `steps` of these base rates.  Throws (nothing changed): what the schedule or the optimiser refuses.
  void go_to(int64_t steps, std::vector<double> base);

  Optimizer& optimizer_;
  Schedule schedule_;
  std::vector<double> base_;
  int64_t steps_ = 0;
};

enum class Goal : bool { min, max };
enum class ThresholdMode : bool { relative, absolute };

struct PlateauOptions {
  Goal goal = Goal::min;
  double factor = 0.1;
  int64_t patience = 10;
  double threshold = 1e-4;
  ThresholdMode threshold_mode = ThresholdMode::relative;
  int64_t cooldown = 0;
  double min_lr = 0;
  double eps = 1e-8;  ///< a change smaller than this is not made
};

/// Multiplies every group's rate by `factor` when a metric has not become better for more than `patience` steps.
class ReduceLROnPlateau {
 public:
  /// Throws: factor is not below 1.
  explicit ReduceLROnPlateau(Optimizer& optimizer, PlateauOptions options = {});
  /// After each validation.
  void step(double metric);

  /// "best" float64 [], "bad_steps" and "cooldown" int64 [].
  std::map<std::string, Tensor> state_dict() const;
  /// Throws (nothing changed): entries that are missing or do not fit, all listed.
  void load_state_dict(const std::map<std::string, Tensor>& state);

 private:
  bool is_better(double metric) const;
  void reduce();

  Optimizer& optimizer_;
  PlateauOptions options_;
  double best_;
  int64_t bad_steps_ = 0, cooldown_left_ = 0;
};

}  // namespace weft::nn::optim
