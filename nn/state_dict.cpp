// nn/state_dict.cpp: a module's tensors by name, out and in
#include <unordered_map>

#include "nn/module.h"
#include "nn/problems.h"
#include "tensor/allclose.h"

namespace weft::nn {

StateDict Module::state() const {
  StateDict tensors;
  for (const auto& [path, parameter] : named_parameters()) tensors.emplace(path, parameter.value());
  for (const auto& [path, buffer] : named_buffers()) tensors.emplace(path, *buffer);
  return tensors;
}

std::map<std::string, std::string> Module::aliases() const {
  std::map<std::string, std::string> aliases;
  std::unordered_map<const void*, std::string> first;  // leaf, or place of a buffer -> path
  visit([&](const std::string& path, const Module& module) {
    const auto add = [&](const void* shared, const std::string& name) {
      const auto [known, is_new] = first.try_emplace(shared, join_path(path, name));
      if (!is_new) aliases.emplace(join_path(path, name), known->second);
    };
    for (const auto& [name, parameter] : module.parameters_) add(parameter->own().leaf().get(), name);
    for (const auto& [name, buffer] : module.buffers_) add(buffer, name);
  });
  return aliases;
}

StateDict Module::state_dict() const {
  StateDict clones = state();
  for (auto& [path, tensor] : clones) tensor = tensor.clone();
  return clones;
}

namespace {

bool same_values(const Tensor& a, const Tensor& b) {
  return a.defined() && b.defined() && compare(a, b, {.rtol = 0, .atol = 0, .equal_nan = true}).ok;
}

/// `given` with the first path of everything that is shared.
StateDict by_first_path(const StateDict& given, const std::map<std::string, std::string>& aliases, Problems& problems) {
  StateDict renamed = given;
  for (const auto& [alias, path] : aliases) {
    const auto found = renamed.find(alias);
    if (found == renamed.end()) continue;
    const auto [kept, is_new] = renamed.try_emplace(path, found->second);
    if (!is_new && !same_values(kept->second, found->second)) {
      problems.add("'{}' and '{}' are one tensor here, the state has two that differ", path, alias);
    }
    renamed.erase(found);
  }
  return renamed;
}

void check_fits(const StateDict& own, const StateDict& given, Strict strict, Problems& problems) {
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
    } else if (source.shape() != tensor.shape() || !casts_into(source.dtype(), tensor.dtype())) {
      problems.add("'{}' is {}, the state has {}", path, shape_and_dtype(tensor), shape_and_dtype(source));
    }
  }
}

}  // namespace

void Module::load_state_dict(const StateDict& state_of_any_path, Strict strict) {
  const StateDict own = state();
  Problems problems;
  const StateDict given = by_first_path(state_of_any_path, aliases(), problems);
  check_fits(own, given, strict, problems);
  problems.report("load_state_dict");
  // Moved before anything is written: running out of memory half way leaves the module whole.
  std::vector<std::pair<Tensor, Tensor>> copies;
  for (const auto& [path, target] : own) {
    const auto found = given.find(path);
    if (found != given.end()) copies.emplace_back(target, found->second.to(target.device()).to(target.dtype()));
  }
  for (const auto& [target, source] : copies) target.copy_(source);
}

}  // namespace weft::nn
