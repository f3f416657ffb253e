// nn/optim/state.cpp: checking an optimiser's state before it is taken over
#include "nn/optim/state.h"

namespace weft::nn::optim {

std::string state_name(std::string_view name, size_t parameter) { return fmt::format("{}.{}", name, parameter); }

void check_fits(Problems& problems, const std::map<std::string, Tensor>& state, const std::string& name,
                const Variable& parameter) {
  const auto found = state.find(name);
  if (found == state.end()) return;
  const Tensor& tensor = found->second;
  if (!tensor.defined()) {
    problems.add("'{}' is undefined", name);
  } else if (tensor.shape() != parameter.shape() || tensor.dtype() != parameter.dtype()) {
    problems.add("'{}' is {}, its parameter is {}", name, shape_and_dtype(tensor), shape_and_dtype(parameter.value()));
  }
}

Tensor taken(const std::map<std::string, Tensor>& state, const std::string& name, const Variable& parameter) {
  const auto found = state.find(name);
  return found == state.end() ? Tensor() : found->second.to(parameter.device()).clone();
}

}  // namespace weft::nn::optim
