// nn/module.h: what layers and models are: named parameters, buffers and children
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "autograd/variable.h"

namespace weft::nn {

/// A leaf that belongs to a module: a trainable tensor. As a Variable it is what the layer computes with: its own leaf,
/// or what stands in for it while a functional_call runs.  Copies share the leaf: `b.weight = a.weight` ties two
/// layers.
class Parameter : public Variable {
 public:
  Parameter() = default;
  /// Throws: not a floating dtype.
  explicit Parameter(Tensor value) : Variable(watch(std::move(value))), own_(*this) {}

  /// The leaf itself, whatever stands in for it: what optimisers, state dicts and moves see.
  const Variable& own() const { return own_; }

 private:
  friend class Substitution;
  Variable own_;
};

/// Dotted path -> tensor, in order of path.
using StateDict = std::map<std::string, Tensor>;

enum class Strict : bool { no, yes };

/// Base of layers and models. A constructor registers parameters, buffers and children by name; saving, loading, moving
/// and printing are derived from what is registered. Not copyable: two owners of one weight would be two weights after
/// a move.
class Module {
 public:
  virtual ~Module() = default;
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;

  /// Class name for summaries: "Linear".
  virtual std::string_view kind() const = 0;

  /// Whether functional_call may give this module's own parameters one value a sample, [n, own shape].
  virtual bool takes_weights_per_sample() const { return false; }

  /// Every parameter below this module with its dotted path, in order of registration; one shared by two layers once,
  /// by its first path.
  std::vector<std::pair<std::string, Variable>> named_parameters() const;
  std::vector<Variable> parameters() const;
  /// Tensors that are state but not trained (running means): path and the place that holds them.
  std::vector<std::pair<std::string, Tensor*>> named_buffers() const;
  /// Direct children, in order of registration.
  const std::vector<std::pair<std::string, Module*>>& children() const { return children_; }

  int64_t num_parameters() const;

  /// Dropout and the like behave by mode. Both reach all children.
  void train();
  void eval();
  bool is_training() const { return training_; }

  void zero_grad() const;
  /// Moves every parameter and buffer; leaves stay the same leaves, so optimisers stay valid. Gradients are dropped.
  void to(Device device);
  /// Casts every floating parameter and buffer; as above, leaves stay the same leaves.  Throws: not a floating dtype.
  void to(DType dtype);

  /// Clones of every parameter and buffer by dotted path.
  StateDict state_dict() const;
  /// Checks everything, then copies values into the existing leaves; a floating dtype is cast into the leaf's. A tensor
  /// that two layers share may stand under either path, or under both with the same values, as PyTorch saves it.
  /// Throws (nothing changed): one message that lists every missing, unexpected and mismatching name.
  /// Strict::no: missing and unexpected names are left alone, mismatching shapes still throw.
  void load_state_dict(const StateDict& state, Strict strict = Strict::yes);

  /// Table of all modules: path, kind, shapes of own parameters, count; and the total.
  std::string summary() const;

 protected:
  Module() = default;
  /// For constructors, with members of the module: their addresses are kept. Names must be new and hold no dot.
  /// Throws otherwise, for an undefined parameter or buffer, and for a module that is part of another by now.
  void register_parameter(std::string name, Parameter& parameter);
  void register_buffer(std::string name, Tensor& buffer);
  void register_child(std::string name, Module& child);
  /// What `part` has registered, as this module's own, with `suffix` behind each name: "weight_ih" of a cell becomes
  /// "weight_ih_l0" of the layer that owns it. train() and eval() reach `part` too. It can register nothing from then
  /// on: this module would not see it.
  void register_part(Module& part, const std::string& suffix);

 private:
  friend class Substitution;
  using Visitor = std::function<void(const std::string& path, const Module& module)>;
  /// This module and everything below it, parents first; `path` is empty for the module it starts from.
  void visit(const Visitor& visitor, const std::string& path = {}) const;
  void check_name(std::string_view kind_of_entry, const std::string& name) const;
  void set_training(bool training);
  /// Every parameter and buffer becomes convert(itself); nothing changes when that throws.
  void replace_all(const std::function<Tensor(const Tensor&)>& convert);
  /// What state_dict clones: path -> the tensor itself.
  StateDict state() const;
  /// Further paths of what is shared -> the path that it has in state().
  std::map<std::string, std::string> aliases() const;

  std::vector<std::pair<std::string, Parameter*>> parameters_;
  std::vector<std::pair<std::string, Tensor*>> buffers_;
  std::vector<std::pair<std::string, Module*>> children_;
  std::vector<Module*> parts_;
  bool training_ = true;
  bool is_part_ = false;  ///< somebody's register_part has taken what is registered here
};

/// "path.name", or "name" at the top.
std::string join_path(const std::string& path, const std::string& name);

/// A module from one Variable to one Variable: what Sequential chains.
class Layer : public Module {
 public:
  virtual Variable operator()(const Variable& x) = 0;
};

}  // namespace weft::nn
