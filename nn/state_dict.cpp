// nn/state_dict.cpp: a module's tensors by name, out and in
#include "nn/module.h"
#include "nn/problems.h"

namespace weft::nn {

StateDict Module::state() const {
  StateDict tensors;
  for (const auto& [path, parameter] : named_parameters()) tensors.emplace(path, parameter.value());
  for (const auto& [path, buffer] : named_buffers()) tensors.emplace(path, *buffer);
  return tensors;
}

StateDict Module::state_dict() const {
  StateDict clones = state();
  for (auto& [path, tensor] : clones) tensor = tensor.clone();
  return clones;
}

namespace {

void check_fits(const StateDict& own, const StateDict& given, Strict strict) {
  Problems problems;
  if (strict == Strict::yes) {
    for (const auto& [path, tensor] : own) {
      if (!given.contains(path)) problems.add("missing '{}'", path);
    }
    for (const auto& [path, tensor] : given) {
      if (!own.contains(path)) problems.add("unexpected '{}'", path);
    }
  }
  for (const auto& [path, tensor] : own) {
    const auto found = given.find(path);
    if (found == given.end()) continue;
    const Tensor& source = found->second;
    if (!source.defined()) {
      problems.add("'{}' is undefined in the file", path);
    } else if (source.shape() != tensor.shape() || source.dtype() != tensor.dtype()) {
      problems.add("'{}' is {}, the state has {}", path, shape_and_dtype(tensor), shape_and_dtype(source));
    }
  }
  problems.report("load_state_dict");
}

}  // namespace

void Module::load_state_dict(const StateDict& given, Strict strict) {
  const StateDict own = state();
  check_fits(own, given, strict);
  // Moved before anything is written: running out of memory half way leaves the module whole.
  std::vector<std::pair<Tensor, Tensor>> copies;
  for (const auto& [path, target] : own) {
    const auto found = given.find(path);
    if (found != given.end()) copies.emplace_back(target, found->second.to(target.device()));
  }
  for (const auto& [target, source] : copies) target.copy_(source);
}

}  // namespace weft::nn
