// autograd/anomaly.h: the first value that is not finite, found where it arises
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "autograd/variable.h"
#include "tensor/error.h"

namespace weft {

/// An inf or a NaN under TapeOptions::detect_anomaly.
class Anomaly : public Error {
 public:
  using Error::Error;
};

// What TapeOptions::detect_anomaly calls. Each check reads its whole tensor back to the host: slow, for debugging.

/// Throws Anomaly: `x` holds an inf or a NaN; the message has `what`, the shape of x and the index of the first such
/// element.
void check_finite(std::string_view name, std::string_view what, const Tensor& x);

/// The same for the result of `op`. When an input is what is not finite, that input is named, and its leaf if it is
/// one.
void check_output_finite(std::string_view op, const std::vector<Variable>& inputs, const Tensor& output);

/// `value`, but a NaN without its sign, which says nothing: what messages show.
double printable(double value);

/// Computes a loss and its derivatives once more under detect_anomaly: "exp: the output, [2] float32 cpu, is inf at
/// [1], the first such element", the first result or gradient that is not finite, with leaves' gradients untouched;
/// empty when none is found.
std::string first_anomaly(const std::function<Variable()>& loss_of);

/// ", the leaf 'layer.weight'", or nothing when `leaf` is null.
std::string named_leaf(const Leaf* leaf);

}  // namespace weft
