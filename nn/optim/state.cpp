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
  found->second = found->second.to(parameter.device()).to(parameter.dtype());
  return found->second;
}

void ParameterState::write(std::map<std::string, Tensor>& dict, size_t parameter, const Tensor& value) const {
  for (const auto& [name, tensor] : tensors_) {
    dict.emplace(entry_name(name, parameter), tensor.to(value.dtype()).clone());
  }
}

ParameterState ParameterState::read(StateReader& reader, size_t parameter, int64_t steps, const std::vector<Kept>& kept,
                                    const Tensor& value) {
  ParameterState state;
  state.steps = steps;
  for (const auto& [name, former, always] : kept) {
    std::string entry = entry_name(name, parameter);
    if (!former.empty() && !reader.has(entry) && reader.has(entry_name(former, parameter)))
      entry = entry_name(former, parameter);
    if ((steps == 0 || !always) && !reader.has(entry)) continue;
    const Tensor tensor = reader.copy_like(entry, value);
    if (tensor.defined()) state.tensors_.emplace(std::string(name), tensor);
  }
  return state;
}

void check_step(std::string_view op, const std::vector<Variable>& parameters,
                const std::vector<ParameterState>& states) {
  for (size_t i = 0; i < parameters.size(); ++i) {
    const Tensor &value = parameters[i].value(), &gradient = parameters[i].grad();
    if (!gradient.defined()) continue;
    if (gradient.shape() != value.shape() || gradient.dtype() != value.dtype() || gradient.device() != value.device()) {
      fail(op, "the gradient of parameter {} is {}, the parameter {}; hint: they have one shape, dtype and device", i,
           gradient.describe(), value.describe());
    }
    for (const auto& [name, tensor] : states[i].tensors_) {
      if (tensor.shape() == value.shape()) continue;
      fail(op, "'{}' is {}, parameter {} is {} by now; hint: make a new optimiser for a parameter of a new shape",
           entry_name(name, i), shape_and_dtype(tensor), i, value.describe());
    }
  }
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
