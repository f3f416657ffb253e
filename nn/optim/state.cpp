// nn/optim/state.cpp: what an optimiser keeps for each parameter, out into a state dict and in again
#include "nn/optim/state.h"

#include "tensor/create.h"

namespace weft::nn::optim {
namespace {

std::string entry_name(std::string_view name, size_t parameter) { return fmt::format("{}.{}", name, parameter); }

}  // namespace

Tensor& ParameterState::tensor(std::string_view name, const Tensor& parameter, double initial) {
  auto found = tensors_.find(name);
  if (found == tensors_.end()) found = tensors_.emplace(std::string(name), full_like(parameter, initial)).first;
  found->second = found->second.to(parameter.device());
  return found->second;
}

void ParameterState::write(std::map<std::string, Tensor>& dict, size_t parameter) const {
  for (const auto& [name, tensor] : tensors_) dict.emplace(entry_name(name, parameter), tensor.clone());
}

ParameterState ParameterState::read(StateReader& reader, size_t parameter, int64_t steps,
                                    const std::vector<std::string_view>& names, const Tensor& value) {
  ParameterState state;
  state.steps = steps;
  for (const std::string_view name : names) {
    const std::string entry = entry_name(name, parameter);
    if (steps == 0 && !reader.has(entry)) continue;
    const Tensor tensor = reader.tensor(entry, value.shape(), value.dtype());
    if (tensor.defined()) state.tensors_.emplace(std::string(name), tensor.to(value.device()).clone());
  }
  return state;
}

Tensor steps_entry(const std::vector<ParameterState>& states) {
  std::vector<int64_t> steps;
  for (const ParameterState& state : states) steps.push_back(state.steps);
  return from_data(steps, {static_cast<int64_t>(steps.size())}, cpu);
}

std::vector<int64_t> read_steps(StateReader& reader, Problems& problems, size_t parameters) {
  const Tensor step = reader.tensor("step", {static_cast<int64_t>(parameters)}, DType::int64);
  if (!step.defined()) return std::vector<int64_t>(parameters, 0);
  std::vector<int64_t> counts = step.to_vector<int64_t>();
  for (const int64_t count : counts) {
    if (count < 0) problems.add("'step' holds {}, counts are at least 0", count);
  }
  return counts;
}

}  // namespace weft::nn::optim
