// nn/optim/schedule.cpp: learning rates as functions of the base rate and the step
#include "nn/optim/schedule.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "tensor/error.h"

namespace weft::nn::optim {
namespace {

void check_positive(std::string_view schedule, std::string_view name, int64_t value) {
  if (value < 1) fail(schedule, "{} is {}; hint: it is at least 1", name, value);
}

/// How many of `places` lie at or below t.
size_t passed(std::string_view schedule, const std::vector<int64_t>& places, int64_t t) {
  if (!std::is_sorted(places.begin(), places.end())) {
    fail(schedule, "[{}] does not rise; hint: sort the steps", fmt::join(places, ", "));
  }
  return static_cast<size_t>(std::upper_bound(places.begin(), places.end(), t) - places.begin());
}

void check_counts(std::string_view schedule, size_t steps, size_t parts) {
  if (parts != steps + 1) {
    fail(schedule, "{} parts and {} steps between them; hint: there is one part more than steps", parts, steps);
  }
}

/// The part of `t` in `total`, at most 1.
double share(int64_t t, int64_t total) { return static_cast<double>(std::min(t, total)) / static_cast<double>(total); }

/// From `from` at share 0 to `to` at share 1.
double annealed(Anneal anneal, double from, double to, double share) {
  if (anneal == Anneal::linear) return from + (to - from) * share;
  return to + (from - to) / 2 * (1 + std::cos(std::numbers::pi * share));
}

/// A cycle's value at t: from `first` to `peak`, and to `last` at its end; in three phases by way of `first`.
double cycled(const OneCycleLR& cycle, int64_t t, double first, double peak, double last) {
  check_positive("OneCycleLR", "total_steps", cycle.total_steps);
  if (t < 0 || t > cycle.total_steps) {
    fail("OneCycleLR", "step {} of {}; hint: the cycle ends with step total_steps - 1", t, cycle.total_steps);
  }
  if (!(cycle.pct_start >= 0 && cycle.pct_start <= 1)) {
    fail("OneCycleLR", "pct_start is {}; hint: it lies in 0..1", cycle.pct_start);
  }
  const auto steps = static_cast<double>(cycle.total_steps);
  const double rise = cycle.pct_start * steps, end = steps - 1;
  struct Phase {
    double end, from, to;
  };
  std::vector<Phase> phases{{rise - 1, first, peak}, {end, peak, last}};
  if (cycle.three_phase) phases = {{rise - 1, first, peak}, {2 * rise - 2, peak, first}, {end, first, last}};
  double start = 0;
  const double now = std::min(static_cast<double>(t), end);
  size_t k = 0;
  for (; k + 1 < phases.size() && now > phases[k].end; ++k) start = phases[k].end;
  const double length = phases[k].end - start;  // 0: a rise of one step
  return annealed(cycle.anneal, phases[k].from, phases[k].to, length == 0 ? 1 : (now - start) / length);
}

/// Which schedule is at work at t, and its own t.
std::pair<size_t, int64_t> place_in(const SequentialLR& sequence, int64_t t) {
  check_counts("SequentialLR", sequence.milestones.size(), sequence.schedules.size());
  const size_t k = passed("SequentialLR", sequence.milestones, t);
  return {k, k == 0 ? t : t - sequence.milestones[k - 1]};
}

}  // namespace

double ConstantLR::operator()(double base, int64_t t) const { return t < total_iters ? base * factor : base; }

double LinearLR::operator()(double base, int64_t t) const {
  check_positive("LinearLR", "total_iters", total_iters);
  return base * (start_factor + (end_factor - start_factor) * share(t, total_iters));
}

double StepLR::operator()(double base, int64_t t) const {
  check_positive("StepLR", "step_size", step_size);
  return base * std::pow(gamma, static_cast<double>(t / step_size));
}

double MultiStepLR::operator()(double base, int64_t t) const {
  return base * std::pow(gamma, static_cast<double>(passed("MultiStepLR", milestones, t)));
}

double PiecewiseLR::operator()(double, int64_t t) const {
  check_counts("PiecewiseLR", boundaries.size(), values.size());
  return values[passed("PiecewiseLR", boundaries, t)];
}

double ExponentialLR::operator()(double base, int64_t t) const {
  return std::max(floor, base * std::pow(gamma, static_cast<double>(t)));
}

double PolynomialLR::operator()(double base, int64_t t) const {
  check_positive("PolynomialLR", "total_iters", total_iters);
  return base * std::pow(1 - share(t, total_iters), power);
}

double CosineAnnealingLR::operator()(double base, int64_t t) const {
  check_positive("CosineAnnealingLR", "t_max", t_max);
  return annealed(Anneal::cosine, base, eta_min, static_cast<double>(t) / static_cast<double>(t_max));
}

double CosineAnnealingWarmRestarts::operator()(double base, int64_t t) const {
  check_positive("CosineAnnealingWarmRestarts", "t_0", t_0);
  check_positive("CosineAnnealingWarmRestarts", "t_mult", t_mult);
  int64_t length = t_0;
  if (t_mult == 1) t %= t_0;
  while (t >= length) {
    t -= length;
    length *= t_mult;
  }
  return annealed(Anneal::cosine, base, eta_min, share(t, length));
}

double OneCycleLR::operator()(double base, int64_t t) const {
  const double first = base / div_factor;
  return cycled(*this, t, first, base, first / final_div_factor);
}

std::optional<double> OneCycleLR::momentum(int64_t t) const {
  if (!cycle_momentum) return {};
  return cycled(*this, t, max_momentum, base_momentum, max_momentum);
}

double SequentialLR::operator()(double base, int64_t t) const {
  const auto [k, since] = place_in(*this, t);
  return schedules[k](base, since);
}

std::optional<double> SequentialLR::momentum(int64_t t) const {
  const auto [k, since] = place_in(*this, t);
  return schedules[k].momentum(since);
}

double ChainedLR::operator()(double base, int64_t t) const {
  for (const Schedule& schedule : schedules) base = schedule(base, t);
  return base;
}

std::optional<double> ChainedLR::momentum(int64_t t) const {
  std::optional<double> momentum;
  for (const Schedule& schedule : schedules)
    if (const auto own = schedule.momentum(t)) momentum = own;
  return momentum;
}

}  // namespace weft::nn::optim
