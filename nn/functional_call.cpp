// nn/functional_call.cpp: other weights stand in for a module's parameters while it runs
#include "nn/functional_call.h"

#include <unordered_map>

#include "nn/problems.h"

namespace weft::nn {

/// Layers compute with their Parameter members, so those are what is replaced: each member with the named leaf, also
/// where a shared leaf sits in several layers. Lives as long as the replacement; puts everything back in the end.
class Substitution {
 public:
  Substitution(Module& module, const Weights& weights) {
    const Slots slots = slots_of(module);
    const auto by_leaf = check(slots, weights);
    replaced_.reserve(slots.size());
    for (const auto& [path, slot] : slots) {
      const auto found = by_leaf.find(slot->own().leaf().get());
      if (found == by_leaf.end()) continue;
      Variable& current = *slot;
      replaced_.emplace_back(slot, current);
      current = *found->second;
    }
  }
  ~Substitution() {
    // Backwards, for a module that is registered twice: the first copy taken is the original.
    for (auto entry = replaced_.rbegin(); entry != replaced_.rend(); ++entry) *entry->first = std::move(entry->second);
  }
  Substitution(const Substitution&) = delete;
  Substitution& operator=(const Substitution&) = delete;

 private:
  using Slots = std::map<std::string, Parameter*>;
  using ByLeaf = std::unordered_map<const Leaf*, const Variable*>;

  static Slots slots_of(const Module& module) {
    Slots slots;
    module.visit([&slots](const std::string& path, const Module& part) {
      for (const auto& [name, parameter] : part.parameters_) slots.emplace(join_path(path, name), parameter);
    });
    return slots;
  }

  static ByLeaf check(const Slots& slots, const Weights& weights) {
    Problems problems;
    ByLeaf by_leaf;
    for (const auto& [path, weight] : weights) {
      const auto slot = slots.find(path);
      if (slot == slots.end()) {
        problems.add("no parameter '{}'", path);
        continue;
      }
      const Tensor& own = slot->second->own().value();
      if (!weight.defined()) {
        problems.add("'{}' is {}, the given weight is undefined", path, shape_and_dtype(own));
      } else if (weight.shape() != own.shape() || weight.dtype() != own.dtype()) {
        problems.add("'{}' is {}, given is {}", path, shape_and_dtype(own), shape_and_dtype(weight.value()));
      }
      if (!by_leaf.emplace(slot->second->own().leaf().get(), &weight).second) {
        problems.add("'{}' is given a weight twice: it is shared and named by another path too", path);
      }
    }
    problems.report("functional_call");
    return by_leaf;
  }

  std::vector<std::pair<Variable*, Variable>> replaced_;
};

Variable functional_call(Module& module, const Weights& weights, const std::function<Variable()>& run) {
  const Substitution substitution(module, weights);
  return run();
}

Variable functional_call(Layer& layer, const Weights& weights, const Variable& x) {
  return functional_call(layer, weights, [&] { return layer(x); });
}

}  // namespace weft::nn
