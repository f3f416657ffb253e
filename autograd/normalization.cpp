// autograd/normalization.cpp: activations brought to mean 0 and variance 1, and the derivative
//
//   y = (x - mean(x)) r,  r = 1 / sqrt(var(x) + eps)      dx = r (dy - mean(dy) - y mean(y dy))     saves x, y
//   rms_norm:  y = x r,  r = 1 / sqrt(mean(x^2) + eps)    dx = r (dy - y mean(y dy))
//   layer_norm:  y = weight s + bias, s = standardize(x)  all three in one pass, tensor/normalization.h; fused
//   y = weight x + bias                                   dx = dy weight    dweight = sum(dy x)    dbias = sum(dy)
#include "autograd/normalization.h"

#include "autograd/elementwise.h"
#include "autograd/node.h"
#include "autograd/reduce.h"
#include "autograd/statistics.h"
#include "autograd/view.h"
#include "tensor/checks.h"
#include "tensor/normalization.h"

namespace weft {
namespace {

bool ends_in(const Shape& shape, const Shape& end) {
  return end.size() <= shape.size() && std::equal(end.begin(), end.end(), shape.end() - end.size());
}

/// The last axes of x, as many as normalized_shape has.
Axes normalized_axes(std::string_view op, const Variable& x, const Shape& normalized_shape) {
  if (normalized_shape.empty() || !ends_in(x.shape(), normalized_shape)) {
    fail(op, "normalized_shape is {}, x is {}; hint: x ends in normalized_shape", to_string(normalized_shape),
         x.value().describe());
  }
  Axes axes;
  for (int64_t axis = x.rank() - normalized_shape.size(); axis < x.rank(); ++axis) axes.push_back(axis);
  return axes;
}

[[noreturn]] void fail_parameter(std::string_view op, std::string_view name, const Variable& parameter,
                                 const Shape& normalized_shape, const Variable& x) {
  fail(op, "{} is {}, x is {}; hint: it has normalized_shape, {}", name, parameter.value().describe(),
       x.value().describe(), to_string(normalized_shape));
}

}  // namespace

Variable standardize(const Variable& x, const Axes& named, double eps) {
  check_floating("standardize", x.value());
  const Axes axes = normalize_axes("standardize", named, x.rank());
  const Saves saves = Saves::input(0) | Saves::output();
  return record("standardize", {x}, standardized(x.value(), axes, eps).s, saves,
                [axes, eps](Node& n, const Variable& dy) {
                  const Variable y = n.output(), r = rsqrt(var(n.input(0), axes, Keep::dim, 0) + eps);
                  n.add_grad(0, r * (dy - mean(dy, axes, Keep::dim) - y * mean(y * dy, axes, Keep::dim)));
                });
}

Variable layer_norm(const Variable& x, const Shape& normalized_shape, const Variable& weight, const Variable& bias,
                    double eps) {
  check_floating("layer_norm", x.value());
  const Axes axes = normalized_axes("layer_norm", x, normalized_shape);
  const Shape shape = weight.defined() ? weight.shape() : bias.defined() ? bias.shape() : normalized_shape;
  for (const auto& [name, parameter] : {std::pair{"weight", weight}, std::pair{"bias", bias}}) {
    if (parameter.defined() && (parameter.shape() != shape || !ends_in(x.shape(), shape) || shape.size() < axes.size()))
      fail_parameter("layer_norm", name, parameter, normalized_shape, x);
  }
  if (composing()) {
    Variable y = standardize(x, axes, eps);
    if (weight.defined()) y = y * weight;
    return bias.defined() ? y + bias : y;
  }
  // [n, groups, width]: the rows that are normalized, as many groups of them as have weights of their own.
  const int64_t width = numel_of(normalized_shape), groups = numel_of(shape) / std::max<int64_t>(1, width);
  const Shape rows{x.numel() / std::max<int64_t>(1, groups * width), groups, width}, parameters{groups, width};
  const auto flat = [&](const Variable& v) { return v.defined() ? v.value().reshape(parameters) : Tensor(); };
  const Tensor y = layer_norm(x.value().reshape(rows), flat(weight), flat(bias), eps).reshape(x.shape());
  const bool scaled = weight.defined();
  std::vector<Variable> inputs{x};
  if (scaled) inputs.push_back(weight);
  if (bias.defined()) inputs.push_back(bias);
  Saves saves = Saves::input(0).fused();
  if (scaled) saves = saves | Saves::input(1);
  return record("layer_norm", inputs, y, saves, [=](Node& n, const Variable& dy) {
    const int at_bias = scaled ? 2 : 1;
    const bool wants_bias = n.num_inputs() > at_bias && n.wants(at_bias);
    const Tensor w = scaled ? n.input(1).value().reshape(parameters) : Tensor();
    const LayerNormGradient gradient = layer_norm_gradient(n.input(0).value().reshape(rows), w, eps,
                                                           dy.value().reshape(rows), scaled && n.wants(1), wants_bias);
    n.add_grad(0, gradient.x.reshape(n.input_shape(0)));
    if (gradient.weight.defined()) n.add_grad(1, gradient.weight.reshape(shape));
    if (gradient.bias.defined()) n.add_grad(at_bias, gradient.bias.reshape(shape));
  });
}

Variable rms_norm(const Variable& x, const Shape& normalized_shape, const Variable& weight, double eps) {
  const Axes axes = normalized_axes("rms_norm", x, normalized_shape);
  if (weight.defined() && weight.shape() != normalized_shape) {
    fail_parameter("rms_norm", "weight", weight, normalized_shape, x);
  }
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
