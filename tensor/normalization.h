// tensor/normalization.h: rows brought to mean 0 and variance 1 in one pass, and the way back
//
//   s = (x - mean) r,  r = 1 / sqrt(var + eps)      y = weight s + bias       mean and biased variance over the last
//   axis g = weight dy      dx = r (g - mean(g) - s mean(s g))      dweight = sum of dy s      dbias = sum of dy
//
// Ba, Kiros and Hinton 2016.
#pragma once
#include "tensor/tensor.h"

namespace weft {

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
