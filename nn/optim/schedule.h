// nn/optim/schedule.h: learning rates as functions of the base rate and the step; names and defaults as torch
#pragma once
#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace weft::nn::optim {

/// lr = schedule(base, t): the rate of step (or epoch) t = 0, 1, ... for a group whose own rate is `base`. Any function
/// will do. By hand: optimizer.set_lr(schedule(base, step)) before each step; LrScheduler does it for all groups.
/// The structs below throw at a call: a length that is not positive, lists that do not fit.
class Schedule {
 public:
  template <class F>
  requires(!std::same_as<F, Schedule> && std::is_invocable_r_v<double, F&, double, int64_t>) Schedule(F f) {
    if constexpr (requires { f.momentum(int64_t{0}); }) momentum_ = [f](int64_t t) { return f.momentum(t); };
    rate_ = std::move(f);
  }
  double operator()(double base, int64_t t) const { return rate_(base, t); }
  /// The momentum at t, of schedules that have a member of this name; nullopt: it is left alone.
  std::optional<double> momentum(int64_t t) const { return momentum_ ? momentum_(t) : std::nullopt; }

 private:
  std::function<double(double, int64_t)> rate_;
  std::function<std::optional<double>(int64_t)> momentum_;
};

/// base f(t).
struct LambdaLR {
  std::function<double(int64_t)> factor;
  double operator()(double base, int64_t t) const { return base * factor(t); }
};

/// base factor before total_iters, then base.
struct ConstantLR {
  double factor = 1.0 / 3;
  int64_t total_iters = 5;
  double operator()(double base, int64_t t) const;
};

/// base times a factor that goes in a line from start_factor to end_factor in total_iters: a linear warm-up.
struct LinearLR {
  double start_factor = 1.0 / 3, end_factor = 1;
  int64_t total_iters = 5;
  double operator()(double base, int64_t t) const;
};

/// base gamma^floor(t / step_size).
struct StepLR {
  int64_t step_size;
  double gamma = 0.1;
  double operator()(double base, int64_t t) const;
};

/// base gamma^k, k the number of milestones at or below t.
struct MultiStepLR {
  std::vector<int64_t> milestones;  ///< rising
  double gamma = 0.1;
  double operator()(double base, int64_t t) const;
};

/// values[k], k the number of boundaries at or below t; the base plays no part.
struct PiecewiseLR {
  std::vector<int64_t> boundaries;  ///< rising
  std::vector<double> values;       ///< one more than boundaries
  double operator()(double base, int64_t t) const;
};

/// max(floor, base gamma^t).
struct ExponentialLR {
  double gamma;
  double floor = 0;
  double operator()(double base, int64_t t) const;
};

/// base (1 - min(t, total_iters) / total_iters)^power.
struct PolynomialLR {
  int64_t total_iters = 5;
  double power = 1;
  double operator()(double base, int64_t t) const;
};

/// eta_min + (base - eta_min) (1 + cos(pi t / t_max)) / 2 (Loshchilov and Hutter 2017): up again after t_max.
struct CosineAnnealingLR {
  int64_t t_max;
  double eta_min = 0;
  double operator()(double base, int64_t t) const;
};

/// The same, starting over after t_0 steps, then after t_0 t_mult, t_0 t_mult^2, ... more.
struct CosineAnnealingWarmRestarts {
  int64_t t_0;
  int64_t t_mult = 1;
  double eta_min = 0;
  double operator()(double base, int64_t t) const;
};

enum class Anneal : bool { cosine, linear };

/// Smith and Topin 2018: from base / div_factor up to base, the largest rate, and down to base / div_factor /
/// final_div_factor at step total_steps - 1. three_phase: back to where it began as slowly as it rose, then down.
/// cycle_momentum: meanwhile the momentum (Adam's beta1) falls from max_momentum to base_momentum, and rises again.
/// t = total_steps, where a scheduler stands after the last step, gives the last values again.
/// Throws: t is negative or beyond, pct_start not in 0..1.
struct OneCycleLR {
  int64_t total_steps;
  double pct_start = 0.3;
  Anneal anneal = Anneal::cosine;
  double div_factor = 25, final_div_factor = 1e4;
  bool three_phase = false;
  bool cycle_momentum = true;
  double base_momentum = 0.85, max_momentum = 0.95;
  double operator()(double base, int64_t t) const;
  std::optional<double> momentum(int64_t t) const;
};

/// Schedules one after the other: schedules[k] from milestones[k - 1] on, each counting from its own start.
struct SequentialLR {
  std::vector<Schedule> schedules;
  std::vector<int64_t> milestones;  ///< rising, one less than schedules
  double operator()(double base, int64_t t) const;
  std::optional<double> momentum(int64_t t) const;  ///< of the one at work
};

/// Schedules at once: what one gives is the next one's base, so that factors multiply.
struct ChainedLR {
  std::vector<Schedule> schedules;
  double operator()(double base, int64_t t) const;
  std::optional<double> momentum(int64_t t) const;  ///< of the last that has one
};

}  // namespace weft::nn::optim
