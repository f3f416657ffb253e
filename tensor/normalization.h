// tensor/normalization.h: rows brought to mean 0 and variance 1 in one pass, and the way back
//
//   s = (x - mean) r,  r = 1 / sqrt(var + eps)                        mean and biased variance over the last axis
//   y = weight s + bias
//   dx = r (g - mean(g) - s mean(s g)),  g = weight dy                dweight = sum of dy s,  dbias = sum of dy
//
// Ba, Kiros and Hinton 2016.
#pragma once
#include "tensor/tensor.h"

namespace weft {

struct Standardized {
  Tensor s;  ///< as x, a new tensor
  Tensor r;  ///< size 1 along the axes
};
/// s and r of the formulas above over `axes`, which are normalized (tensor/shape.h), without the fused kernel.
Standardized standardized(const Tensor& x, const Axes& axes, double eps);

/// x [n, groups, width] -> y as x; weight and bias [groups, width], or undefined. float32 or float64, one dtype and
/// device.  Throws: anything else.
Tensor layer_norm(const Tensor& x, const Tensor& weight = {}, const Tensor& bias = {}, double eps = 1e-5);

struct LayerNormGradient {
  Tensor x;             ///< [n, groups, width]
  Tensor weight, bias;  ///< [groups, width]; undefined where not asked for
};
/// From the same x and weight and from dy, of x's shape.  Throws: as layer_norm.
LayerNormGradient layer_norm_gradient(const Tensor& x, const Tensor& weight, double eps, const Tensor& dy,
                                      bool wants_weight, bool wants_bias);

}  // namespace weft
