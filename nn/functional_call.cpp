// nn/functional_call.cpp: other weights stand in for a module's parameters while it runs
#include "nn/functional_call.h"

#include <algorithm>
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
      const auto found = by_leaf.find(slot.parameter->own().leaf().get());
      if (found == by_leaf.end()) continue;
      Variable& current = *slot.parameter;
      replaced_.emplace_back(slot.parameter, current);
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
  struct Slot {
    Parameter* parameter;
    const Module* owner;
  };
  using Slots = std::map<std::string, Slot>;
  using ByLeaf = std::unordered_map<const Leaf*, const Variable*>;

  static Slots slots_of(const Module& module) {
    Slots slots;
    module.visit([&slots](const std::string& path, const Module& part) {
      for (const auto& [name, parameter] : part.parameters_)
        slots.emplace(join_path(path, name), Slot{parameter, &part});
    });
    return slots;
  }

  /// [n, own shape].
  static bool has_axis_more(const Variable& weight, const Tensor& own) {
    return weight.rank() == own.rank() + 1 &&
           std::equal(own.shape().begin(), own.shape().end(), weight.shape().begin() + 1);
  }

  /// Every layer that a weight a sample reaches can use it: also where it is shared under another path.
  static void check_owners(const Slots& slots, const ByLeaf& by_leaf, Problems& problems) {
    for (const auto& [path, slot] : slots) {
      const auto found = by_leaf.find(slot.parameter->own().leaf().get());
      if (found == by_leaf.end() || slot.owner->takes_weights_per_sample()) continue;
      const Variable& weight = *found->second;
      if (!weight.defined() || !has_axis_more(weight, slot.parameter->own().value())) continue;
      problems.add(
          "'{}' has one weight a sample, {}: {} takes one for all; hint: Linear, Conv1d, Conv2d and norms take both",
          path, shape_and_dtype(weight.value()), slot.owner->kind());
    }
  }

  static ByLeaf check(const Slots& slots, const Weights& weights) {
    Problems problems;
    ByLeaf by_leaf;
    const Weights::value_type* first = nullptr;  // with one weight a sample
    for (const auto& entry : weights) {
      const auto& [path, weight] = entry;
      const auto slot = slots.find(path);
      if (slot == slots.end()) {
        problems.add("no parameter '{}'", path);
        continue;
      }
      const Variable& leaf = slot->second.parameter->own();
      const Tensor& own = leaf.value();
      if (!weight.defined()) {
        problems.add("'{}' is {}, the given weight is undefined", path, shape_and_dtype(own));
      } else if (weight.dtype() != own.dtype() || (weight.shape() != own.shape() && !has_axis_more(weight, own))) {
        problems.add("'{}' is {}, given is {}", path, shape_and_dtype(own), shape_and_dtype(weight.value()));
      } else if (weight.rank() > own.rank()) {
        if (first == nullptr) first = &entry;
        const int64_t n = weight.size(0), others = first->second.size(0);
        if (n != others) problems.add("'{}' is for {} samples, '{}' for {}", path, n, first->first, others);
      }
      if (!by_leaf.emplace(leaf.leaf().get(), &weight).second) {
        problems.add("'{}' is given a weight twice: it is shared and named by another path too", path);
      }
    }
    check_owners(slots, by_leaf, problems);
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
