// nn/ema.cpp: an exponential moving average of a model's weights
#include "nn/ema.h"

#include <algorithm>

#include "nn/state_reader.h"
#include "tensor/elementwise.h"

namespace weft::nn {

Ema::Ema(Module& model, EmaOptions options) : model_(model), options_(options), averages_(model.state_dict()) {
  if (!(options.decay >= 0 && options.decay <= 1)) fail("Ema", "decay is {}; hint: it lies in 0..1", options.decay);
}

void Ema::check_not_swapped(std::string_view op) const {
  if (swapped_) fail(op, "the model holds the averages; hint: let the EmaScope end first, or call swap()");
}

template <class F>
void Ema::visit(const F& f) {
  const auto average_of = [&](const std::string& path, const Tensor& value) -> Tensor& {
    Tensor& average = averages_.at(path);
    average = average.to(value.device()).to(value.dtype());
    return average;
  };
  for (const auto& [path, parameter] : model_.named_parameters()) {
    f(parameter.value(), average_of(path, parameter.value()), true);
  }
  for (const auto& [path, buffer] : model_.named_buffers()) f(*buffer, average_of(path, *buffer), false);
}

void Ema::update() {
  check_not_swapped("Ema::update");
  const auto t = static_cast<double>(++updates_);
  const double decay = options_.warmup ? std::min(options_.decay, (1 + t) / (10 + t)) : options_.decay;
  visit([decay](const Tensor& value, const Tensor& average, bool trained) {
    if (trained) average.mul_(decay).add_(value, 1 - decay);
    else average.copy_(value);
  });
}

void Ema::swap() {
  swapped_ = !swapped_;
  visit([](const Tensor& value, const Tensor& average, bool) {
    const Tensor kept = value.clone();
    value.copy_(average);
    average.copy_(kept);
  });
}

StateDict Ema::state_dict() const {
  check_not_swapped("Ema::state_dict");
  StateDict state{{"updates", count_entry(updates_)}};
  for (const auto& [path, average] : averages_) state.emplace("average." + path, average.clone());
  return state;
}

void Ema::load_state_dict(const StateDict& state) {
  check_not_swapped("Ema::load_state_dict");
  Problems problems;
  StateReader reader(state, problems);
  const int64_t updates = reader.count("updates");
  StateDict read;
  for (const auto& [path, average] : averages_) {
    const Tensor entry = reader.copy_like("average." + path, average);
    if (entry.defined()) read.emplace(path, entry);
  }
  reader.check_all_known();
  problems.report("Ema::load_state_dict");
  averages_ = std::move(read);
  updates_ = updates;
}

}  // namespace weft::nn
