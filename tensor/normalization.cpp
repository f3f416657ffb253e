// tensor/normalization.cpp: rows brought to mean 0 and variance 1
#include "tensor/normalization.h"

#include "tensor/backend.h"
#include "tensor/checks.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"
#include "tensor/statistics.h"

namespace weft {
namespace {

void check_layer_norm(const Tensor& x, std::initializer_list<std::pair<const char*, Tensor>> parameters) {
  check_floating("layer_norm", x);
  check_rank("layer_norm", "x", x, 3);
  for (const auto& [name, parameter] : parameters) {
    if (!parameter.defined()) continue;
    check_same_dtype("layer_norm", x, parameter);
    check_same_device("layer_norm", x, parameter);
    if (parameter.shape() != Shape{x.size(1), x.size(2)}) {
      fail("layer_norm", "{} is {}, x is {}; hint: it has x's last two sizes", name, parameter.describe(),
           x.describe());
    }
  }
}

}  // namespace

Standardized standardized(const Tensor& x, const Axes& axes, double eps) {
  const Tensor half = centred_half(x, axes);
  const Tensor r = rsqrt(mean(square(half), axes, Keep::dim) + eps / 4);  // of halves
  return {half.mul_(r), r * 0.5};
}

Tensor layer_norm(const Tensor& x, const Tensor& weight, const Tensor& bias, double eps) {
  check_layer_norm(x, {{"weight", weight}, {"bias", bias}});
  Tensor y = empty_like(x);
  if (y.numel() > 0) y.backend().layer_norm(x, weight, bias, eps, y);
  return y;
}

LayerNormGradient layer_norm_gradient(const Tensor& x, const Tensor& weight, double eps, const Tensor& dy,
                                      bool wants_weight, bool wants_bias) {
  check_layer_norm(x, {{"weight", weight}});
  check_same_dtype("layer_norm", x, dy);
  check_same_device("layer_norm", x, dy);
  if (dy.shape() != x.shape()) fail("layer_norm", "dy is {}, x is {}", dy.describe(), x.describe());
  const TensorOptions options{.dtype = x.dtype(), .device = x.device()};
  const Shape parameter{x.size(1), x.size(2)};
  const auto make = x.numel() == 0 ? zeros : empty;  // the kernel writes every element, but no kernel sees an empty x
  LayerNormGradient gradient{empty_like(x), wants_weight ? make(parameter, options) : Tensor(),
                             wants_bias ? make(parameter, options) : Tensor()};
  if (x.numel() > 0) {
    x.backend().layer_norm_gradient(x, weight, eps, dy, gradient.x, gradient.weight, gradient.bias);
  }
  return gradient;
}

}  // namespace weft
