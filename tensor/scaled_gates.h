// tensor/scaled_gates.h: what the gates of a cell sum up when a smaller cell scales its products, and the way back
//
//   d_h = W_h z_h     d_x = W_x z_x     d_b = W_b z_b                 for every gate
//   y   = d_h by_h + d_x by_x + d_b + bias                            products of d element by element
//
// Equations 11 and 12 (the cheap form of an RNN: 8) of Ha, Dai and Le 2016, with by_h = W_hh h and by_x = W_xh x; the
// biases of z belong to whoever makes z.
#pragma once
#include "tensor/tensor.h"

namespace weft {

/// What `scales` asks of its arguments, in the name of `op`.
void check_scales(std::string_view op, const Tensor& z, const Tensor& scale_weight);
/// What `scaled_gates` asks of its arguments, in the name of `op`.
void check_scaled_gates(std::string_view op, const Tensor& by_h, const Tensor& by_x, const Tensor& z,
                        const Tensor& scale_weight, const Tensor& bias = {});

/// d. z [n, 3, gates, e]: the roles h, x and b; scale_weight [3, gates, hidden, e] -> [n, 3, gates, hidden]. float32 or
/// float64, one dtype and device.  Throws: anything else.
Tensor scales(const Tensor& z, const Tensor& scale_weight);

/// y. by_h and by_x [n, gates hidden], gates side by side; z and scale_weight as in scales; bias [gates hidden], or
/// undefined for none -> [n, gates hidden].  Throws: other shapes, other dtypes than float32 or float64, dtypes or
/// devices that differ.
Tensor scaled_gates(const Tensor& by_h, const Tensor& by_x, const Tensor& z, const Tensor& scale_weight,
                    const Tensor& bias = {});

/// Each as the argument whose gradient it is.
struct ScaledGatesGradient {
  Tensor by_h, by_x, z, scale_weight;
  Tensor bias;  ///< undefined where nobody wants it
};
/// From the same arguments and dy [n, gates hidden]. The scales are worked out again.
ScaledGatesGradient scaled_gates_gradient(const Tensor& by_h, const Tensor& by_x, const Tensor& z,
                                          const Tensor& scale_weight, const Tensor& dy, bool wants_bias);

}  // namespace weft
