// tests/nn/optim_case.h: every optimiser by the name that PyTorch's path has in the fixture, and what walks such a path
#pragma once
#include "nn/nn.h"
#include "tests/fixtures/nn_fixture.h"

namespace weft::test {

namespace optim = weft::nn::optim;

using Make = std::function<std::unique_ptr<optim::Optimizer>(std::vector<Variable>)>;

template <class Optimizer, class Options>
Make all(Options options) {
  return [options](std::vector<Variable> p) { return std::make_unique<Optimizer>(std::move(p), options); };
}
inline Make sgd(optim::SGDOptions options) { return all<optim::SGD>(options); }
inline Make adam(optim::AdamOptions options) { return all<optim::Adam>(options); }
inline Make adamw(optim::AdamWOptions options) { return all<optim::AdamW>(options); }
inline Make rmsprop(optim::RMSpropOptions options) { return all<optim::RMSprop>(options); }
inline Make adagrad(optim::AdagradOptions options) { return all<optim::Adagrad>(options); }

/// The first parameter with one set of options, the second with another.
template <class Optimizer, class Options>
Make groups(Options first, Options second) {
  return [first, second](std::vector<Variable> p) {
    return std::make_unique<Optimizer>(std::vector<optim::ParamGroup<Options>>{{{p[0]}, first}, {{p[1]}, second}});
  };
}

inline const std::map<std::string, Make>& optimisers() {
  using namespace optim;
  static const std::map<std::string, Make> table{
      {"sgd", sgd({.lr = 0.1})},
      {"sgd_momentum", sgd({.lr = 0.1, .momentum = 0.9})},
      {"sgd_weight_decay", sgd({.lr = 0.1, .weight_decay = 0.05})},
      {"sgd_nesterov", sgd({.lr = 0.05, .momentum = 0.8, .weight_decay = 0.01, .nesterov = true})},
      {"sgd_dampening", sgd({.lr = 0.1, .momentum = 0.9, .dampening = 0.3, .maximize = true})},
      {"sgd_groups",
       groups<SGD, SGDOptions>({.lr = 0.1, .momentum = 0.9}, {.lr = 0.02, .momentum = 0.9, .weight_decay = 0.1})},
      {"adam", adam({.lr = 0.01})},
      {"adam_weight_decay", adam({.lr = 0.02, .beta1 = 0.8, .beta2 = 0.95, .eps = 1e-6, .weight_decay = 0.1})},
      {"adam_amsgrad", adam({.lr = 0.02, .weight_decay = 0.1, .amsgrad = true, .maximize = true})},
      {"adam_groups", groups<Adam, AdamOptions>({.lr = 0.02}, {.lr = 0.002, .beta1 = 0.5, .beta2 = 0.9})},
      {"adamw", adamw({})},
      {"adamw_weight_decay", adamw({.lr = 0.02, .weight_decay = 0.3})},
      {"adamw_amsgrad", adamw({.lr = 0.02, .amsgrad = true})},
      {"adamw_groups", groups<AdamW, AdamWOptions>({.lr = 0.02, .weight_decay = 0.2}, {.lr = 0.01, .weight_decay = 0})},
      {"rmsprop", rmsprop({})},
      {"rmsprop_weight_decay", rmsprop({.lr = 0.02, .weight_decay = 0.1, .momentum = 0.8})},
      {"rmsprop_centered", rmsprop({.lr = 0.02, .alpha = 0.9, .momentum = 0.5, .centered = true})},
      {"rmsprop_groups", groups<RMSprop, RMSpropOptions>({.lr = 0.02}, {.lr = 0.002, .alpha = 0.8})},
      {"adagrad", adagrad({})},
      {"adagrad_weight_decay",
       adagrad({.lr = 0.1, .lr_decay = 0.1, .weight_decay = 0.1, .initial_accumulator_value = 0.2})},
      {"adagrad_groups", groups<Adagrad, AdagradOptions>({.lr = 0.1}, {.lr = 0.01, .eps = 1e-3})}};
  return table;
}

/// The fixture's two parameters; `late` gets its first gradient in the fourth step.
struct Path {
  explicit Path(const Fixture& fixture, Device device = cpu) : fixture_(fixture) {
    for (const std::string name : {"weight", "late"}) {
      parameters[name] = watch(fixture.at("start." + name).clone().to(device), name);
    }
  }
  std::vector<Variable> list() const { return {parameters.at("weight"), parameters.at("late")}; }

  void step(optim::Optimizer& optimizer, size_t i) {
    for (const auto& [name, parameter] : parameters) {
      parameter.zero_grad();
      const auto gradient = fixture_.find(fmt::format("gradients.{}.{}", i, name));
      if (gradient != fixture_.end()) parameter.leaf()->grad = like(parameter, gradient->second);
    }
    optimizer.step();
  }

  double error_after(const std::string& kind, size_t i) const {
    double worst = 0;
    for (const auto& [name, parameter] : parameters) {
      const Tensor expected = like(parameter, fixture_.at(fmt::format("paths.{}.{}.{}", kind, i, name)));
      worst = std::max(worst, largest_difference(parameter.value(), expected));
    }
    return worst;
  }

  static Tensor like(const Variable& parameter, const Tensor& values) {
    return values.clone().reshape(parameter.shape()).to(parameter.device()).to(parameter.dtype());
  }

  std::map<std::string, Variable> parameters;

 private:
  const Fixture& fixture_;
};

inline constexpr size_t kSteps = 20;

}  // namespace weft::test
