// nn/trainer.cpp: the training loop with what surrounds it
#include "nn/trainer.h"

#include <cmath>

#include "autograd/anomaly.h"
#include "nn/state_reader.h"
#include "tensor/elementwise.h"

namespace weft::nn {
namespace {

StateDict state_of_progress(const Progress& p) {
  return {{"epoch", count_entry(p.epoch)},
          {"batch", count_entry(p.batch)},
          {"step", count_entry(p.step)},
          {"loss", number_entry(p.loss)},
          {"grad_norm", number_entry(p.grad_norm)},
          {"metric", number_entry(p.metric)},
          {"best", number_entry(p.best)},
          {"epochs_since_best", count_entry(p.epochs_since_best)}};
}

Progress read_progress(const StateDict& state) {
  Problems problems;
  StateReader reader(state, problems);
  const Progress progress{.epoch = reader.count("epoch"),
                          .batch = reader.count("batch"),
                          .step = reader.count("step"),
                          .loss = reader.number("loss"),
                          .grad_norm = reader.number("grad_norm"),
                          .metric = reader.number("metric"),
                          .best = reader.number("best"),
                          .epochs_since_best = reader.count("epochs_since_best")};
  reader.check_all_known();
  problems.report("Trainer");
  return progress;
}

}  // namespace

Trainer::Trainer(TrainingParts parts, TrainerOptions options) : parts_(parts), options_(options) {
  if (options.epochs < 0 || options.accumulate < 1) {
    fail("Trainer", "epochs is {}, accumulate {}; hint: at least 0 and 1", options.epochs, options.accumulate);
  }
  if (!(options.max_grad_norm.value_or(0) >= 0) || options.patience.value_or(0) < 0) {
    fail("Trainer", "max_grad_norm is {}, patience {}; hint: none is negative", options.max_grad_norm.value_or(0),
         options.patience.value_or(0));
  }
}

/// What computing a loss moves, so that it can be computed again from the same place.
class Trainer::Rewind {
 public:
  explicit Rewind(const TrainingParts& parts) : parts_(parts) {
    if (parts.streams != nullptr) streams_ = *parts.streams;
    for (const auto& [name, tensor] : parts.carried) carried_.emplace(name, *tensor);
  }
  void operator()() const {
    if (streams_) *parts_.streams = *streams_;
    for (const auto& [name, tensor] : parts_.carried) *tensor = carried_.at(name);
  }

 private:
  const TrainingParts& parts_;
  std::optional<Streams> streams_;
  std::map<std::string, Tensor> carried_;
};

void Trainer::add_batch(const std::function<Variable()>& loss_of) {
  const Rewind rewind(parts_);
  const Explain explain = [&]() -> std::string {
    rewind();
    const std::string anomaly = first_anomaly(loss_of);
    return anomaly.empty() ? "" : ", first in " + anomaly;
  };
  if (pending_ == 0) parts_.optimizer.zero_grad();
  {
    Tape tape(tape_options);
    const Variable loss = loss_of();
    if (loss.numel() != 1) fail("Trainer", "the loss is {}; hint: return a scalar", loss.value().describe());
    check_finite("loss", loss.item(), explain);
    if (on_loss) on_loss(tape);
    tape.backward(loss);
    if (on_backward) on_backward(tape);
    pending_loss_ += loss.item();
  }
  ++pending_;
  ++progress_.batch;
  if (pending_ == options_.accumulate) step(explain);
}

void Trainer::check_finite(std::string_view what, double value, const Explain& explain) const {
  if (std::isfinite(value)) return;
  const std::string first = explain();
  throw NonFinite(
      fmt::format(
          "Trainer: the {} is {} in epoch {}, batch {}, after {} steps{}; hint: lower the learning rate or clip", what,
          printable(value), progress_.epoch, progress_.batch, progress_.step, first),
      fmt::format("the {} is {}{}", what, printable(value), first));
}

void Trainer::step(const Explain& explain) {
  const auto batches = static_cast<double>(pending_);
  const std::vector<Variable>& parameters = parts_.optimizer.parameters();
  if (pending_ > 1) {
    for (const Variable& parameter : parameters) {
      if (parameter.grad().defined()) parameter.grad().mul_(1 / batches);
    }
  }
  if (options_.max_grad_norm) {
    progress_.grad_norm = optim::clip_grad_norm_(parameters, *options_.max_grad_norm);
    check_finite("gradient's norm", progress_.grad_norm, explain);
  }
  parts_.optimizer.step();
  parts_.optimizer.zero_grad();
  if (parts_.ema != nullptr) parts_.ema->update();
  if (parts_.scheduler != nullptr && options_.schedule_per == SchedulePer::step) parts_.scheduler->step();
  progress_.loss = pending_loss_ / batches;
  pending_ = 0;
  pending_loss_ = 0;
  ++progress_.step;
  if (on_step_end) on_step_end(*this);
}

void Trainer::drop_pending() {
  parts_.optimizer.zero_grad();
  progress_.batch -= pending_;
  pending_ = 0;
  pending_loss_ = 0;
}

void Trainer::end_epoch() {
  if (pending_ > 0) {
    step([] { return std::string(); });  // the batches it is made of are gone
    if (stopped_) return;
  }
  if (validate && options_.validate_per == ValidatePer::epoch) take_metric();
  if (parts_.scheduler != nullptr && options_.schedule_per == SchedulePer::epoch) parts_.scheduler->step();
  ++progress_.epoch;
  progress_.batch = 0;
  if (on_epoch_end) on_epoch_end(*this);
}

void Trainer::validate_now() {
  if (!validate) fail("Trainer", "there is no validate to call; hint: set it");
  take_metric();
  parts_.model.train();
}

void Trainer::take_metric() {
  parts_.model.eval();
  std::optional<EmaScope> averages;
  if (parts_.ema != nullptr) averages.emplace(*parts_.ema);
  const double metric = validate();
  const double sign = options_.goal == optim::Goal::min ? -1 : 1;
  const bool better = std::isnan(progress_.best) || sign * metric > sign * progress_.best;
  progress_.metric = metric;
  if (better) progress_.best = metric;
  progress_.epochs_since_best = better ? 0 : progress_.epochs_since_best + 1;
  if (parts_.plateau != nullptr) parts_.plateau->step(metric);
  if (options_.patience && progress_.epochs_since_best > *options_.patience) stop();
}

StateDict Trainer::state_dict() const {
  if (pending_ > 0) fail("Trainer", "{} batches wait for a step; hint: save in a callback", pending_);
  StateDict whole = nn::state_dict(parts_);
  add_part(whole, "progress", state_of_progress(progress_));
  return whole;
}

void Trainer::load_state_dict(const StateDict& state) {
  const Progress progress = read_progress(part_of(state, "progress"));
  StateDict parts = state;
  std::erase_if(parts, [](const auto& entry) { return entry.first.starts_with("progress."); });
  nn::load_state_dict(parts_, parts);
  progress_ = progress;
  pending_ = 0;
  pending_loss_ = 0;
}

void Trainer::save(const std::filesystem::path& path) const { save_safetensors(path, state_dict()); }

void Trainer::load(const std::filesystem::path& path) { load_state_dict(load_safetensors(path, cpu).tensors); }

}  // namespace weft::nn
