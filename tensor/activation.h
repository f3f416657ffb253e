// tensor/activation.h: what neurons do to their input; x of any shape, y of the same but for glu
#pragma once
#include "tensor/elementwise_core.h"

namespace weft {

/// How gelu finds the normal distribution.
enum class GeluForm { erf, tanh };

inline Tensor relu(const Tensor& x) { return unary(UnaryOp::relu, x); }  ///< max(x, 0); NaN stays NaN

// Integers give float32.
inline Tensor sigmoid(const Tensor& x) { return unary(UnaryOp::sigmoid, x); }  ///< 1 / (1 + exp(-x))
inline Tensor log_sigmoid(const Tensor& x) {
  return unary(UnaryOp::log_sigmoid, x);
}  ///< log(sigmoid(x)), without overflow
inline Tensor silu(const Tensor& x) { return unary(UnaryOp::silu, x); }  ///< x sigmoid(x)
/// scale x for x > 0, else scale alpha (exp(x) - 1): scale 1.0507..., alpha 1.6732... (Klambauer et al. 2017).
inline Tensor selu(const Tensor& x) { return unary(UnaryOp::selu, x); }
inline Tensor mish(const Tensor& x) { return unary(UnaryOp::mish, x); }            ///< x tanh(softplus(x))
inline Tensor hardswish(const Tensor& x) { return unary(UnaryOp::hardswish, x); }  ///< x relu6(x + 3) / 6
/// x Phi(x), Phi the normal distribution function, or its approximation by tanh (Hendrycks and Gimpel 2016).
Tensor gelu(const Tensor& x, GeluForm form = GeluForm::erf);
/// log(1 + exp(beta x)) / beta, and x where beta x > threshold.
Tensor softplus(const Tensor& x, double beta = 1, double threshold = 20);
Tensor elu(const Tensor& x, double alpha = 1);            ///< x for x > 0, else alpha (exp(x) - 1)
Tensor leaky_relu(const Tensor& x, double slope = 0.01);  ///< x for x > 0, else slope x

/// min(max(x, low), high); NaN stays NaN.  Throws: low > high.
Tensor hardtanh(const Tensor& x, Scalar low = -1, Scalar high = 1);
Tensor relu6(const Tensor& x);  ///< hardtanh(x, 0, 6)

/// a sigmoid(b), a and b the halves of x along `axis` (Dauphin et al. 2017).  Throws: axis out of range or of an odd
/// size, integer dtype.
Tensor glu(const Tensor& x, int64_t axis = -1);

}  // namespace weft
