// hyper/demos/harness/training.cpp: one model of a run
#include "hyper/demos/harness/training.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "autograd/anomaly.h"
#include "hyper/demos/harness/signals.h"
#include "hyper/demos/harness/table.h"

namespace weft::demo {
namespace {

constexpr int64_t kProfiledSteps = 10;

std::string shown(const Scores& scores) {
  std::string text;
  for (const auto& [name, value] : scores) text += fmt::format("  {} {:.4f}", name, value);
  return text;
}

}  // namespace

Training::Training(TrainingPlan plan, nn::TrainingParts parts, const Options& options, RunFolder& folder)
    : plan_(std::move(plan)),
      options_(options),
      folder_(folder),
      parts_(parts),
      trainer_(parts, {.epochs = options.epochs,
                       .max_grad_norm = plan_.max_grad_norm,
                       .patience = plan_.patience,
                       .validate_per = options.eval_every > 0 ? nn::ValidatePer::call : nn::ValidatePer::epoch}) {
  // Of two layers' "weight" a message is to name one.
  for (const auto& [path, parameter] : parts_.model.named_parameters()) parameter.leaf()->name = path;
  trainer_.tape_options.detect_anomaly = options.detect_anomaly;
  if (options.profile) profile_steps();
  trainer_.validate = [this] { return on_validation(); };
  trainer_.on_step_end = [this](nn::Trainer&) { on_step(); };
  trainer_.on_epoch_end = [this](nn::Trainer&) { on_epoch(); };
  const nn::StateDict state = folder.state_of(plan_.file);
  if (!state.empty()) load(state);
}

/// Once all steps are done; an epoch that --steps has cut is one of them.
void Training::report_times() {
  std::vector<EpochEnd> ends = ends_;
  const int64_t step = trainer_.progress().step;
  if (ends.empty() || ends.back().step < step) ends.push_back({epoch(), step, training_seconds_, evaluation_seconds_});
  folder_.add_section(table_section("time: " + plan_.model, time_rows(ends)));
}

void Training::profile_steps() {
  trainer_.on_loss = [this](const Tape& tape) {
    if (tape.options().time) profile_.add_forward(tape);
  };
  trainer_.on_backward = [this](const Tape& tape) {
    if (tape.options().time) profile_.add_backward(tape);
  };
}

void Training::report_profile() {
  if (profile_.steps() == 0) return;
  const auto rows = profile_.rows();
  const std::string title = fmt::format("{}: a step, mean of {} after the first", plan_.model, profile_.steps());
  fmt::print("\n{}\n\n{}\n", title, table(rows));
  folder_.add_section(table_section(title, rows));
}

int64_t Training::epoch() const { return std::min(trainer_.progress().epoch + 1, options_.epochs); }

bool Training::has_all_steps() const { return options_.steps > 0 && trainer_.progress().step >= options_.steps; }

/// Asks how far the run is, not whether it once had finished: the settings may have changed since.
bool Training::goes_on() const {
  const nn::Progress& now = trainer_.progress();
  const bool epochs_done = now.epoch >= options_.epochs;
  const bool steps_done = has_all_steps() && now.batch < plan_.steps_per_epoch;  // else that epoch's end is due
  const bool patience_lost = plan_.patience && now.epochs_since_best > *plan_.patience;
  return !epochs_done && !steps_done && !patience_lost;
}

double Training::seconds_per_epoch() const {
  return training_seconds_ * static_cast<double>(plan_.steps_per_epoch) /
         static_cast<double>(std::max<int64_t>(trainer_.progress().step, 1));
}

void Training::log(const std::string& split, const Scores& scores) {
  const Metric metric{trainer_.progress().step, epoch(), plan_.file, split, scores, seconds_before_ + watch_.seconds()};
  folder_.log(metric);
  if (options_.log_format == "json" && !options_.quiet) fmt::print(stderr, "{}\n", json_of(metric));
}

Diverged Training::diverged(std::string_view fact, const std::string& part) const {
  return Diverged(fmt::format(
      "{}: {}, in {}epoch {}, after {} steps; hint: try a smaller --lr than {}; the last checkpoint is whole",
      plan_.model, fact.substr(0, fact.rfind("; hint")), part, epoch(), trainer_.progress().step, options_.lr));
}

/// What a demo measured in another way than by finite_loss().
void Training::check_finite(std::string_view split, const Scores& scores) const {
  for (const auto& [name, value] : scores) {
    if (std::isfinite(value)) continue;
    throw diverged(fmt::format("the {} is {}", name, value), fmt::format("the {} of ", split));
  }
}

void Training::run(const std::function<void()>& fit) {
  tested_.clear();                                          // scores of a run that had finished, and now goes on
  if (std::isnan(trainer_.progress().best)) best_.clear();  // no epoch's, but where --steps had ended the first one
  if (folder_.state_of(plan_.file).empty()) save();         // a run that is killed before its first step can go on
  try {
    attend();  // what a stop had come before
    step_watch_ = {};
    if (goes_on()) fit();
  } catch (const nn::NonFinite& error) {
    throw diverged(error.fact);
  } catch (const Anomaly& error) {
    throw diverged(error.what());
  }
  progress_.reset();
}

/// The bar shows the epoch, cut where --steps ends it; the time left is that of all steps to come.
void Training::begin_progress() {
  const nn::Progress& now = trainer_.progress();
  const int64_t before = now.step - 1, done = now.batch - 1;
  int64_t left = (options_.epochs - now.epoch) * plan_.steps_per_epoch - done;
  if (options_.steps > 0) left = std::min(left, options_.steps - before);
  const int64_t steps = std::min(plan_.steps_per_epoch, done + left);
  progress_.emplace(
      fmt::format("{} epoch {}/{}", plan_.model, epoch(), options_.epochs), plan_.sample,
      Progress::Steps{.in_all = steps, .done = done, .behind = done + left - steps},
      Progress::Show{.quiet = options_.quiet || options_.log_format == "json", .line_every = options_.log_every});
}

void Training::on_step() {
  const nn::Progress& now = trainer_.progress();
  const double seconds = step_watch_.seconds();
  training_seconds_ += seconds;
  recent_seconds_ += seconds;
  if (trainer_.tape_options.time) profile_.add_step(seconds);
  trainer_.tape_options.time = options_.profile && profile_.steps() < kProfiledSteps;  // the first step warms up
  if (!progress_) begin_progress();
  ++recent_steps_;
  recent_loss_ += now.loss;
  Scores scores{{"loss", now.loss}};
  scores.insert(scores.end(), noted_.begin(), noted_.end());
  if (now.step % std::max<int64_t>(options_.log_every, 1) == 0) log("train", scores);
  progress_->step(samples_, now.loss);
  noted_.clear();
  samples_ = 0;
  attend();
  const bool ends_epoch = now.batch == plan_.steps_per_epoch;
  if (has_all_steps() && !ends_epoch) {
    trainer_.stop();
  } else if (!has_all_steps() && options_.checkpoint_every > 0 && now.step % options_.checkpoint_every == 0) {
    save();
  }
  stop_if_asked();
  step_watch_ = {};
}

/// What is due after a step, before its checkpoint. A run that was stopped in the midst of it does it when it goes on.
void Training::attend() {
  const int64_t step = trainer_.progress().step;
  const auto is_due = [&](int64_t every) { return every > 0 && step % every == 0; };
  if (!is_behind()) return;
  if (is_due(options_.eval_every)) {
    trainer_.validate_now();
    if (trainer_.progress().epochs_since_best == 0) take_best(epoch());
  }
  if (sample && is_due(plan_.sample_every)) {
    progress_.reset();
    parts_.model.eval();
    sample();
    parts_.model.train();
  }
  attended_ = step;
}

void Training::take_best(int64_t epoch) {
  best_ = parts_.model.state_dict();
  best_epoch_ = epoch;
}

void Training::stop_if_asked() {
  if (save_was_asked()) save();
  stoppable(stop_if_signalled);
}

void Training::stoppable(const std::function<void()>& work) {
  try {
    work();
  } catch (const Interrupted& stop) {
    save();
    throw Interrupted(stop.signal, fmt::format("{}: {} after {} steps, all is saved; go on with: {}", plan_.model,
                                               stop.what(), trainer_.progress().step, folder_.resume_command()));
  }
}

void Training::evaluate(std::string_view split, const std::function<void()>& work) {
  try {
    stoppable(work);
  } catch (const nn::NonFinite& error) {
    throw diverged(error.fact, fmt::format("the {} of ", split));
  }
}

double Training::on_validation() {
  progress_.reset();
  Scores scores;
  const Stopwatch watch;
  evaluate("validation", [&] { scores = validate(); });
  evaluation_seconds_ += watch.seconds();
  check_finite("validation", scores);
  log("validation", scores);
  if (!options_.quiet && options_.log_format == "text") {
    const std::string step = options_.eval_every > 0 ? fmt::format(" step {}", trainer_.progress().step) : "";
    fmt::print("{:<9}  epoch {}/{}{}  train loss {:.4f}  validation{}  {:.1f} s\n", plan_.model, epoch(),
               options_.epochs, step, recent_loss_ / static_cast<double>(std::max<int64_t>(recent_steps_, 1)),
               shown(scores), recent_seconds_);
    std::fflush(stdout);
  }
  recent_loss_ = 0;
  recent_seconds_ = 0;
  recent_steps_ = 0;
  return scores.front().second;
}

void Training::on_epoch() {
  progress_.reset();
  if (options_.eval_every == 0 && trainer_.progress().epochs_since_best == 0) take_best(trainer_.progress().epoch);
  ends_.push_back({trainer_.progress().epoch, trainer_.progress().step, training_seconds_, evaluation_seconds_});
  save();
  if (has_all_steps()) trainer_.stop();
  stop_if_asked();
  step_watch_ = {};
}

void Training::finish() {
  parts_.model.eval();
  if (best_.empty()) {  // --steps ended the first epoch early
    on_validation();
    take_best(epoch());
  }
  last_ = trainer_.state_dict();
  if (tested_.empty()) save();
  parts_.model.load_state_dict(best_);
  report_times();
  report_profile();
}

Scores Training::test(const std::function<Scores()>& measure) {
  if (tested_.empty()) {
    Scores scores;
    evaluate("test", [&] { scores = measure(); });
    check_finite("test", scores);
    log("test", scores);
    tested_ = scores;
    folder_.save_weights(plan_.file, best_);
    save();
  }
  stop_if_asked();
  return tested_;
}

}  // namespace weft::demo
