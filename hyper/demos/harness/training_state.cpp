// hyper/demos/harness/training_state.cpp: what a checkpoint holds of one model's training
#include <fmt/format.h>

#include "autograd/anomaly.h"
#include "hyper/demos/harness/training.h"
#include "nn/state_reader.h"
#include "tensor/create.h"
#include "tensor/logic.h"
#include "tensor/reduce.h"

namespace weft::demo {
namespace {

/// Scores as tensors of a checkpoint; names keep their order by a number in front.
nn::StateDict state_of(const Scores& scores) {
  nn::StateDict state;
  for (size_t i = 0; i < scores.size(); ++i) {
    state.emplace(fmt::format("{:02} {}", i, scores[i].first), nn::number_entry(scores[i].second));
  }
  return state;
}

/// An optimiser counts parameters: of "optimizer.exp_avg.3" which one that is.
std::string owner_of(const std::string& name, const std::vector<Variable>& parameters) {
  int64_t number = 0;
  const bool is_buffer =
      name.starts_with("optimizer.") && program::parse_number(name.substr(name.rfind('.') + 1), number);
  return is_buffer && number < std::ssize(parameters) ? named_leaf(parameters[static_cast<size_t>(number)].leaf().get())
                                                      : "";
}

Scores scores_in(const nn::StateDict& state) {
  Scores scores;
  for (const auto& [name, value] : state) scores.emplace_back(name.substr(3), value.item());
  return scores;
}

}  // namespace

void Training::load(const nn::StateDict& state) {
  try {
    nn::Problems problems;
    const nn::StateDict run = nn::part_of(state, "run");
    nn::StateReader reader(run, problems);
    const int64_t best_epoch = reader.count("best_epoch"), attended = reader.count("attended");
    const double seconds = reader.number("seconds"), training_seconds = reader.number("training_seconds");
    const double evaluation_seconds = reader.number("evaluation_seconds");
    const double recent_loss = reader.number("recent_loss");
    const int64_t recent_steps = reader.count("recent_steps");
    problems.report("checkpoint");
    const nn::StateDict times = nn::part_of(state, "times");
    std::vector<EpochEnd> ends = times.contains("ends") ? epoch_ends(times.at("ends")) : std::vector<EpochEnd>();
    trainer_.load_state_dict(nn::part_of(state, "trainer"));
    best_ = nn::part_of(state, "best");
    tested_ = scores_in(nn::part_of(state, "test"));
    best_epoch_ = best_epoch;
    attended_ = attended;
    seconds_before_ = seconds;
    training_seconds_ = training_seconds;
    evaluation_seconds_ = evaluation_seconds;
    ends_ = std::move(ends);
    recent_loss_ = recent_loss;
    recent_steps_ = recent_steps;
  } catch (const FileError&) {
    throw;
  } catch (const Error& error) {
    throw FileError(
        fmt::format("'{}': the checkpoint does not fit {}: {}", folder_.path().string(), plan_.model, error.what()));
  }
}

/// What is not finite stays off the disk: there it would take the place of the last state that a run can go on from.
void Training::check_savable(const nn::StateDict& state) const {
  for (const auto& [name, tensor] : state) {
    const bool is_state = name.starts_with("model.") || name.starts_with("optimizer.") || name.starts_with("carried.");
    if (!is_state || !is_floating(tensor.dtype()) || all(isfinite(tensor)).item<bool>()) continue;
    try {
      weft::check_finite("checkpoint", name + owner_of(name, parts_.optimizer.parameters()), tensor);
    } catch (const Anomaly& anomaly) {
      throw diverged(anomaly.what());
    }
  }
}

void Training::save() {
  nn::StateDict state, trainer = last_.empty() ? trainer_.state_dict() : last_;
  check_savable(trainer);
  nn::add_part(state, "trainer", trainer);
  nn::add_part(state, "best", best_);
  nn::add_part(state, "test", state_of(tested_));
  nn::add_part(state, "run",
               {{"best_epoch", nn::count_entry(best_epoch_)},
                {"attended", nn::count_entry(attended_)},
                {"seconds", nn::number_entry(seconds_before_ + watch_.seconds())},
                {"training_seconds", nn::number_entry(training_seconds_)},
                {"evaluation_seconds", nn::number_entry(evaluation_seconds_)},
                {"recent_loss", nn::number_entry(recent_loss_)},
                {"recent_steps", nn::count_entry(recent_steps_)}});
  if (!ends_.empty()) nn::add_part(state, "times", {{"ends", tensor_of(ends_)}});
  folder_.checkpoint(plan_.file, state, options_.keep);
}

}  // namespace weft::demo
