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
  if (t < 0 || t > total_steps) {
    fail("OneCycleLR", "step {} of {}; hint: the cycle ends with step total_steps - 1", t, total_steps);
  }
  const double first = base / div_factor, last = first / final_div_factor;
  const double rise = pct_start * static_cast<double>(total_steps), end = static_cast<double>(total_steps - 1);
  struct Phase {
    double end, from, to;
  };
  std::vector<Phase> phases{{rise - 1, first, base}, {end, base, last}};
  if (three_phase) phases = {{rise - 1, first, base}, {2 * rise - 2, base, first}, {end, first, last}};
  double start = 0;
  const auto now = static_cast<double>(std::min(t, total_steps - 1));
  size_t k = 0;
  for (; k + 1 < phases.size() && now > phases[k].end; ++k) start = phases[k].end;
  return annealed(anneal, phases[k].from, phases[k].to, (now - start) / (phases[k].end - start));
}

double SequentialLR::operator()(double base, int64_t t) const {
  check_counts("SequentialLR", milestones.size(), schedules.size());
  const size_t k = passed("SequentialLR", milestones, t);
  return schedules[k](base, k == 0 ? t : t - milestones[k - 1]);
}

double ChainedLR::operator()(double base, int64_t t) const {
  for (const Schedule& schedule : schedules) base = schedule(base, t);
  return base;
}

}  // namespace weft::nn::optim
