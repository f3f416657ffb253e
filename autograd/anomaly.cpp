// autograd/anomaly.cpp: looking for inf and NaN, element by element
#include "autograd/anomaly.h"

#include <cmath>

#include "autograd/tape.h"

namespace weft {
std::string named_leaf(const Leaf* leaf) {
  if (!leaf) return {};
  return leaf->name.empty() ? ", a leaf without a name" : fmt::format(", the leaf '{}'", leaf->name);
}

double printable(double value) { return std::isnan(value) ? std::fabs(value) : value; }

void check_finite(std::string_view name, std::string_view what, const Tensor& x) {
  if (!is_floating(x.dtype())) return;
  const std::vector<double> values = x.to_vector<double>();
  for (size_t i = 0; i < values.size(); ++i) {
    if (std::isfinite(values[i])) continue;
    throw Anomaly(fmt::format(
        "{}: {}, {}, is {} at {}, the first such element; hint: detect_anomaly is set, look at what made it", name,
        what, x.describe(), printable(values[i]), to_string(unravel(static_cast<int64_t>(i), x.shape()))));
  }
}

void check_output_finite(std::string_view op, const std::vector<Variable>& inputs, const Tensor& output) {
  std::string leaves;
  try {
    for (const Variable& input : inputs) leaves += named_leaf(input.leaf().get());
    check_finite(op, "the output" + (leaves.empty() ? leaves : " (from " + leaves.substr(2) + ")"), output);
  } catch (const Anomaly&) {
    for (size_t i = 0; i < inputs.size(); ++i)
      if (inputs[i].defined())
        check_finite(op, fmt::format("input {}{}", i, named_leaf(inputs[i].leaf().get())), inputs[i].value());
    throw;
  }
}

std::string first_anomaly(const std::function<Variable()>& loss_of) {
  try {
    Tape tape({.detect_anomaly = true});
    const Variable loss = loss_of();
    tape.gradient(loss, tape.leaves(loss));  // backward would add to the leaves' own
  } catch (const Anomaly& anomaly) {
    const std::string text = anomaly.what();
    return text.substr(0, text.find("; hint"));
  } catch (const Error&) {  // a loss that depends on no leaf, say
  }
  return "";
}

}  // namespace weft
