// hyper/generated_weight.cpp: choosing weights of a module, and what they start as
#include "hyper/generated_weight.h"

#include <algorithm>
#include <set>

#include "autograd/view.h"
#include "hyper/init.h"
#include "hyper/startup_check.h"
#include "nn/problems.h"

namespace weft::hyper {
namespace {

constexpr std::string_view kWeight = "weight", kBias = "bias";

/// "0.weight" -> "0.bias", "weight_ih_l0" -> "bias_ih_l0"; empty for other names.
std::string bias_beside(const std::string& name) {
  const size_t dot = name.rfind('.'), start = dot == std::string::npos ? 0 : dot + 1;
  if (name.compare(start, kWeight.size(), kWeight) != 0) return {};
  std::string bias = name;
  return bias.replace(start, kWeight.size(), kBias);
}

}  // namespace

TargetWeights generated_weights(const nn::Module& target) {
  return generated_weights(target, [](const std::string&, const Tensor&) { return true; });
}

TargetWeights generated_weights(const nn::Module& target, const std::vector<std::string>& names) {
  std::set<std::string> known, chosen;
  for (const auto& [name, parameter] : target.named_parameters()) known.insert(name);
  nn::Problems problems;
  for (const std::string& name : names) {
    if (!known.contains(name)) problems.add("{} has no parameter '{}'", target.kind(), name);
    if (!chosen.insert(name).second) problems.add("'{}' is named twice", name);
  }
  problems.report("generated_weights");
  return generated_weights(target, [&](const std::string& name, const Tensor&) { return chosen.contains(name); });
}

TargetWeights generated_weights(const nn::Module& target, const WeightPredicate& chosen) {
  TargetWeights weights;
  for (const auto& [name, parameter] : target.named_parameters()) {
    if (!chosen(name, parameter.value())) continue;
    const WeightStatistics start = statistics_of(parameter.value());
    weights.push_back({name, parameter.shape(), start.mean, start.variance});
  }
  if (weights.empty()) {
    fail("generated_weights", "no parameter of {} is chosen; hint: it has {}", target.kind(),
         target.named_parameters().size());
  }
  return weights;
}

TargetWeights with_hyperfan(TargetWeights weights, nn::init::Fan fan, bool relu) {
  const auto find = [&](const std::string& name) {
    return std::find_if(weights.begin(), weights.end(), [&](const GeneratedWeight& w) { return w.name == name; });
  };
  const bool in = fan == nn::init::Fan::in;
  for (GeneratedWeight& weight : weights) {
    if (weight.shape.size() < 2) continue;
    const auto bias = find(bias_beside(weight.name));
    init::HyperfanOptions options{.fans = nn::init::fans_of(weight.shape), .relu = relu};
    options.bias_generated = bias != weights.end();
    weight.mean = 0;
    weight.variance = in ? init::hyperfan_in_variance(options) : init::hyperfan_out_variance(options);
    if (!options.bias_generated) continue;
    bias->mean = 0;
    bias->variance = in ? init::hyperfan_in_bias_variance(options) : init::hyperfan_out_bias_variance(options);
  }
  return weights;
}

int64_t numel_of(const TargetWeights& weights) {
  int64_t count = 0;
  for (const GeneratedWeight& weight : weights) count += weft::numel_of(weight.shape);
  return count;
}

nn::Weights cut_weights(const Variable& numbers, const TargetWeights& weights) {
  if (numbers.rank() != 2 || numbers.size(1) != numel_of(weights)) {
    fail("cut_weights", "numbers is {}; hint: [n, {}]", numbers.value().describe(), numel_of(weights));
  }
  nn::Weights cut;
  int64_t start = 0;
  for (const GeneratedWeight& weight : weights) {
    const int64_t end = start + weft::numel_of(weight.shape);
    Shape shape = weight.shape;
    shape.insert(0, numbers.size(0));
    cut[weight.name] = reshape(slice(numbers, 1, start, end), shape);
    start = end;
  }
  return cut;
}

}  // namespace weft::hyper
