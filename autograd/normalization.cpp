// autograd/normalization.cpp: activations brought to mean 0 and variance 1, and the derivative
//
//   y = (x - mean(x)) r,  r = 1 / sqrt(var(x) + eps)      dx = r (dy - mean(dy) - y mean(y dy))     saves x, y
//   rms_norm:  y = x r,  r = 1 / sqrt(mean(x^2) + eps)    dx = r (dy - y mean(y dy))
//   y = weight x + bias                                   dx = dy weight    dweight = sum(dy x)    dbias = sum(dy)
#include "autograd/normalization.h"

#include "autograd/elementwise.h"
#include "autograd/node.h"
#include "autograd/reduce.h"
#include "autograd/statistics.h"
#include "autograd/view.h"
#include "tensor/checks.h"
#include "tensor/statistics.h"

namespace weft {
namespace {

/// The last axes of x, as many as normalized_shape has.
Axes normalized_axes(std::string_view op, const Variable& x, const Shape& normalized_shape, const Variable& weight,
                     const Variable& bias) {
  const int64_t first = x.rank() - normalized_shape.size();
  bool fits = !normalized_shape.empty() && first >= 0;
  Axes axes;
  for (int64_t i = 0; fits && i < normalized_shape.size(); ++i) {
    fits = x.size(first + i) == normalized_shape[i];
    axes.push_back(first + i);
  }
  if (!fits) {
    fail(op, "normalized_shape is {}, x is {}; hint: x ends in normalized_shape", to_string(normalized_shape),
         x.value().describe());
  }
  for (const auto& [name, parameter] : {std::pair{"weight", weight}, std::pair{"bias", bias}}) {
    if (parameter.defined() && parameter.shape() != normalized_shape) {
      fail(op, "{} is {}; hint: it has normalized_shape, {}", name, parameter.value().describe(),
           to_string(normalized_shape));
    }
  }
  return axes;
}

}  // namespace

Variable standardize(const Variable& x, const Axes& named, double eps) {
  check_floating("standardize", x.value());
  const Axes axes = normalize_axes("standardize", named, x.rank());
  const Tensor half = centred_half(x.value(), axes);
  const Tensor y = half.mul_(rsqrt(mean(square(half), axes, Keep::dim) + eps / 4));
  const Saves saves = Saves::input(0) | Saves::output();
  return record("standardize", {x}, y, saves, [axes, eps](Node& n, const Variable& dy) {
    const Variable y = n.output(), r = rsqrt(var(n.input(0), axes, Keep::dim, 0) + eps);
    n.add_grad(0, r * (dy - mean(dy, axes, Keep::dim) - y * mean(y * dy, axes, Keep::dim)));
  });
}

Variable layer_norm(const Variable& x, const Shape& normalized_shape, const Variable& weight, const Variable& bias,
                    double eps) {
  Variable y = standardize(x, normalized_axes("layer_norm", x, normalized_shape, weight, bias), eps);
  if (weight.defined()) y = y * weight;
  return bias.defined() ? y + bias : y;
}

Variable rms_norm(const Variable& x, const Shape& normalized_shape, const Variable& weight, double eps) {
  const Axes axes = normalized_axes("rms_norm", x, normalized_shape, weight, {});
  const Variable y = x * rsqrt(mean(square(x), axes, Keep::dim) + eps);
  return weight.defined() ? y * weight : y;
}

Variable scale_channels(const Variable& x, const Variable& weight, const Variable& bias) {
  Shape along = Dims::filled(x.rank(), 1);
  along[1] = x.size(1);
  for (const auto& [name, parameter] : {std::pair{"weight", weight}, std::pair{"bias", bias}}) {
    if (parameter.defined() && parameter.shape() != Shape{x.size(1)}) {
      fail("scale_channels", "{} is {}, x is {}; hint: one number a channel, the size of axis 1", name,
           parameter.value().describe(), x.value().describe());
    }
  }
  const Variable y = weight.defined() ? x * reshape(weight, along) : x;
  return bias.defined() ? y + reshape(bias, along) : y;
}

Variable group_norm(const Variable& x, int64_t num_groups, const Variable& weight, const Variable& bias, double eps) {
  if (x.rank() < 2 || num_groups < 1 || x.size(1) % num_groups != 0) {
    fail("group_norm", "num_groups is {}, x is {}; hint: x is [n, channels, ...] and num_groups divides the channels",
         num_groups, x.value().describe());
  }
  const int64_t group = x.numel() / std::max<int64_t>(1, x.size(0)) / num_groups;
  const Variable y = standardize(reshape(x, {x.size(0), num_groups, group}), {2}, eps);
  return scale_channels(reshape(y, x.shape()), weight, bias);
}

}  // namespace weft
