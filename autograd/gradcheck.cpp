// autograd/gradcheck.cpp: the recorded derivative against central differences, every element, in float64
#include "autograd/gradcheck.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <optional>

#include "autograd/tape.h"
#include "autograd/view.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"
#include "tensor/random.h"

namespace weft {
namespace {

using Function = std::function<Variable(const std::vector<Variable>&)>;
using Values = std::vector<double>;

struct Check {
  std::string_view name;
  const Function& f;
  const std::vector<Tensor>& inputs;
  const GradcheckOptions& options;
  TapeOptions tape = {};  ///< fused functions are checked as they are, unless their derivative is
};

void check_inputs(const Check& check) {
  for (size_t i = 0; i < check.inputs.size(); ++i)
    if (!check.inputs[i].defined() || check.inputs[i].dtype() != DType::float64)
      fail(check.name, "input {} is {}; hint: differences need float64", i,
           check.inputs[i].defined() ? check.inputs[i].describe() : "undefined");
}

Tensor value_at(const Check& check, const std::vector<Tensor>& inputs) {
  const std::vector<Variable> constants(inputs.begin(), inputs.end());
  const Tensor y = check.f(constants).value();
  if (y.dtype() != DType::float64)
    fail(check.name, "the function gives {}; hint: differences need float64", y.describe());
  return y;
}

/// A function that gives back its input gives a leaf, which no walk starts from: put a record behind it.
Variable as_result(const Variable& y) { return y.is_leaf() ? reshape(y, y.shape()) : y; }

/// What the tape gives, one list an input. A result that was not recorded depends on nothing: zeros.
std::vector<Values> recorded_gradients(const Check& check, const Tensor& dy) {
  Tape tape(check.tape);
  std::vector<Variable> leaves;
  for (const Tensor& input : check.inputs) leaves.push_back(watch(input.clone()));
  const Variable y = as_result(check.f(leaves));
  if (y.node().recorded()) tape.backward(y, dy);
  std::vector<Values> gradients;
  for (const Variable& leaf : leaves)
    gradients.push_back(leaf.grad().defined() ? leaf.grad().to_vector<double>()
                                              : Values(static_cast<size_t>(leaf.numel()), 0.0));
  return gradients;
}

bool same_bits(const std::vector<Values>& a, const std::vector<Values>& b) {
  const auto same = [](double x, double y) { return std::bit_cast<uint64_t>(x) == std::bit_cast<uint64_t>(y); };
  for (size_t i = 0; i < a.size(); ++i)
    if (!std::ranges::equal(a[i], b[i], same)) return false;
  return true;
}

/// d (sum of y dy) / d (one element of input i), by moving it up and down. Differences come before the sum, so that
/// elements of y that do not move add no rounding.
double central_difference(const Check& check, size_t i, const Dims& index, const Tensor& dy) {
  std::vector<Tensor> inputs = check.inputs;
  const double x = inputs[i].at(index);
  const double step = check.options.step * std::max(1.0, std::fabs(x));
  const auto moved = [&](double to) {
    inputs[i] = check.inputs[i].clone();
    inputs[i].set(index, to);
    return value_at(check, inputs).to_vector<double>();
  };
  const Values up = moved(x + step), down = moved(x - step), weights = dy.to_vector<double>();
  double total = 0;
  for (size_t j = 0; j < up.size(); ++j) total += (up[j] - down[j]) * weights[j];
  return total / ((x + step) - (x - step));
}

/// How many tolerances apart; not finite counts as infinitely far, unless both are the same.
double distance(double recorded, double expected, const GradcheckOptions& options) {
  if (recorded == expected) return 0;
  const double apart = std::fabs(recorded - expected) / (options.atol + options.rtol * std::fabs(expected));
  return std::isnan(apart) ? std::numeric_limits<double>::infinity() : apart;
}

std::string run(const Check& check) {
  check_inputs(check);
  RandomStream stream(check.options.seed, 0);
  const Tensor y = value_at(check, check.inputs);
  const Tensor dy = random_normal(y.shape(), stream, 0, 1, {.dtype = DType::float64, .device = y.device()});
  const std::vector<Values> gradients = recorded_gradients(check, dy);
  if (!same_bits(gradients, recorded_gradients(check, dy)))
    return "two walks over the same function gave different bits";

  double worst = 1;
  std::string report;
  for (size_t i = 0; i < gradients.size(); ++i)
    for (int64_t e = 0; e < check.inputs[i].numel(); ++e) {
      const Dims index = unravel(e, check.inputs[i].shape());
      const double recorded = gradients[i][static_cast<size_t>(e)];
      const double expected = central_difference(check, i, index, dy);
      const double apart = distance(recorded, expected, check.options);
      if (apart <= worst) continue;
      worst = apart;
      report = fmt::format("input {}, element {}: recorded {:.12g}, differences {:.12g}, {:.3g} tolerances apart", i,
                           to_string(index), recorded, expected, apart);
    }
  return report;
}

/// The gradient of f at the first inputs, the last input being its upstream gradient: all of it in one row. Recorded
/// when the inputs are leaves, plain values when they are constants.
Variable gradient_of(const Function& f, const std::vector<Variable>& inputs) {
  const bool recorded = inputs.back().is_leaf();
  std::optional<Tape> own;
  std::vector<Variable> xs(inputs.begin(), inputs.end() - 1);
  if (!recorded) {
    own.emplace(TapeOptions{.higher_order = true});
    for (Variable& x : xs) x = watch(x.value());
  }
  const Variable y = as_result(f(xs));
  std::vector<Variable> rows;
  if (!y.node().recorded())
    for (const Variable& x : xs) rows.push_back(zeros({x.numel()}, {.dtype = x.dtype(), .device = x.device()}));
  else
    for (const Variable& gradient :
         Tape::current()->gradient(y, xs, recorded ? CreateGraph::yes : CreateGraph::no, inputs.back()))
      rows.push_back(reshape(gradient, {gradient.numel()}));
  const Variable joined = cat(rows, 0);
  return recorded ? joined : stop_gradient(joined);
}

}  // namespace

std::string gradcheck(const Function& f, const std::vector<Tensor>& inputs, const GradcheckOptions& options) {
  return run({"gradcheck", f, inputs, options, {}});
}

std::string gradgradcheck(const Function& f, const std::vector<Tensor>& inputs, const GradcheckOptions& options) {
  const Check first{"gradgradcheck", f, inputs, options, {}};
  check_inputs(first);
  RandomStream stream(options.seed, 1);
  const Tensor y = value_at(first, inputs);
  std::vector<Tensor> with_upstream = inputs;
  with_upstream.push_back(random_normal(y.shape(), stream, 0, 1, {.dtype = DType::float64, .device = y.device()}));
  const Function gradient = [&f](const std::vector<Variable>& xs) { return gradient_of(f, xs); };
  return run({"gradgradcheck", gradient, with_upstream, options, {.higher_order = true}});
}

}  // namespace weft
