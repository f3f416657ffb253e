// nn/optim/grouped.h: an optimiser over groups of parameters, each with its own options
#pragma once
#include <type_traits>
#include <utility>

#include "nn/optim/optimizer.h"
#include "nn/optim/state.h"

namespace weft::nn::optim {

/// Base of every optimiser: the loop over groups, learning rates, and the state dict. An optimiser adds one rule,
/// `update`. Its Options are an aggregate of numbers and switches with `lr` among them, beside two functions:
///   visit_settings(options, f)   calls f(name, field) for every field, const or not
///   check_settings(options)      throws when a setting is out of range
template <class Options>
class GroupedOptimizer : public Optimizer {
 public:
  void step() final {
    check_step(name_, parameters_, states_);
    size_t i = 0;
    for (const auto& group : groups_) {
      for (const Variable& parameter : group.parameters) {
        ParameterState& state = states_[i++];
        const Tensor &value = parameter.value(), &gradient = parameter.grad();
        if (!gradient.defined() || value.numel() == 0) continue;
        ++state.steps;
        update(value, gradient, group.options, state);
      }
    }
  }

  const std::vector<ParamGroup<Options>>& groups() const { return groups_; }
  size_t num_groups() const final { return groups_.size(); }
  double lr(size_t group = 0) const final { return groups_[checked(group)].options.lr; }
  void set_lr(size_t group, double lr) final {
    Options options = groups_[checked(group)].options;
    options.lr = lr;
    check_settings(options);
    groups_[group].options = options;
  }
  using Optimizer::set_lr;

  std::optional<double> momentum(size_t group = 0) const final {
    Options options = groups_[checked(group)].options;
    const double* momentum = momentum_of(options);
    return momentum == nullptr ? std::nullopt : std::optional(*momentum);
  }
  void set_momentum(size_t group, double momentum) final {
    Options options = groups_[checked(group)].options;
    double* setting = momentum_of(options);
    if (setting == nullptr) fail(name_, "it has no momentum to set; hint: OneCycleLR{{.cycle_momentum = false}}");
    *setting = momentum;
    check_settings(options);
    groups_[group].options = options;
  }

  std::map<std::string, Tensor> state_dict() const final;
  void load_state_dict(const std::map<std::string, Tensor>& state) final;

 protected:
  /// Throws: as Optimizer, and options that check_settings refuses.
  GroupedOptimizer(std::string_view name, std::vector<ParamGroup<Options>> groups)
      : Optimizer(all_of(groups)), name_(name), groups_(std::move(groups)), states_(parameters_.size()) {
    for (const auto& group : groups_) check_settings(group.options);
  }

  /// One step of one parameter, whose step is number state.steps = 1, 2, ...
  virtual void update(const Tensor& value, const Tensor& gradient, const Options& options, ParameterState& state) = 0;
  /// The tensors that `update` keeps, or may have kept before a setting changed to what it is in these options.
  virtual std::vector<Kept> kept(const Options& options) const = 0;

 private:
  static double* momentum_of(Options& options) {
    if constexpr (requires { options.momentum; }) return &options.momentum;
    else if constexpr (requires { options.beta1; }) return &options.beta1;
    else return nullptr;
  }
  static std::vector<Variable> all_of(const std::vector<ParamGroup<Options>>& groups) {
    std::vector<Variable> all;
    for (const auto& group : groups) all.insert(all.end(), group.parameters.begin(), group.parameters.end());
    return all;
  }
  size_t checked(size_t group) const {
    if (group >= groups_.size()) {
      fail(name_, "there is no group {}; hint: groups are 0..{}", group, groups_.size() - 1);
    }
    return group;
  }

  std::string name_;
  std::vector<ParamGroup<Options>> groups_;
  std::vector<ParameterState> states_;  ///< of parameters_, in the same order
};

template <class Options>
std::map<std::string, Tensor> GroupedOptimizer<Options>::state_dict() const {
  std::map<std::string, Tensor> dict;
  dict.emplace("step", steps_entry(states_));
  for (size_t i = 0; i < states_.size(); ++i) states_[i].write(dict, i, parameters_[i].value());
  for (size_t g = 0; g < groups_.size(); ++g) {
    visit_settings(groups_[g].options, [&](std::string_view name, const auto& setting) {
      dict.emplace(fmt::format("group.{}.{}", g, name), number_entry(static_cast<double>(setting)));
    });
  }
  return dict;
}

template <class Options>
void GroupedOptimizer<Options>::load_state_dict(const std::map<std::string, Tensor>& dict) {
  Problems problems;
  StateReader reader(dict, problems);
  const std::vector<int64_t> steps = read_steps(reader, problems, parameters_.size());
  std::vector<Options> options;
  std::vector<ParameterState> states;
  for (size_t g = 0; g < groups_.size(); ++g) {
    Options read = groups_[g].options;
    visit_settings(read, [&](std::string_view name, auto& setting) {
      const double number = reader.number(fmt::format("group.{}.{}", g, name));
      setting = static_cast<std::remove_reference_t<decltype(setting)>>(number);
    });
    const std::vector<Kept> tensors = kept(read);
    for (const Variable& parameter : groups_[g].parameters) {
      const size_t i = states.size();
      states.push_back(ParameterState::read(reader, i, steps[i], tensors, parameter.value()));
    }
    options.push_back(read);
  }
  reader.check_all_known();
  problems.report(name_ + "::load_state_dict");
  for (const Options& read : options) check_settings(read);
  for (size_t g = 0; g < groups_.size(); ++g) groups_[g].options = options[g];
  states_ = std::move(states);
}

/// The gradient that an optimiser follows: turned round to climb (`maximize`), with the L2 term weight_decay * value.
/// The parameter's own gradient is left as it is.
Tensor effective_gradient(const Tensor& value, const Tensor& gradient, double weight_decay, bool maximize);

/// Throws when one of the settings is negative or NaN: "Adam: lr is -1; hint: no setting is negative".
void check_not_negative(std::string_view op, std::initializer_list<std::pair<std::string_view, double>> settings);

}  // namespace weft::nn::optim
