// tensor/activation.cpp: activations with parameters
#include "tensor/activation.h"

#include "tensor/checks.h"
#include "tensor/where.h"

namespace weft {

Tensor gelu(const Tensor& x, GeluForm form) {
  return unary(form == GeluForm::erf ? UnaryOp::gelu : UnaryOp::gelu_tanh, x);
}

Tensor softplus(const Tensor& x, double beta, double threshold) {
  if (beta == 1) return binary(BinaryOp::softplus, x, threshold);
  const Tensor scaled = binary(BinaryOp::mul, x, beta);
  const Tensor bent = binary(BinaryOp::div, binary(BinaryOp::softplus, scaled, threshold), beta);
  return where(binary(BinaryOp::greater, scaled, threshold), x, bent);  // x itself: beta x may be inf
}

Tensor elu(const Tensor& x, double alpha) { return binary(BinaryOp::elu, x, alpha); }

Tensor leaky_relu(const Tensor& x, double slope) { return binary(BinaryOp::leaky_relu, x, slope); }

Tensor hardtanh(const Tensor& x, Scalar low, Scalar high) {
  if (low.as<double>() > high.as<double>()) {
    fail("hardtanh", "low {} lies above high {}; hint: swap them", low.as<double>(), high.as<double>());
  }
  return clamp(x, low, high);
}

Tensor relu6(const Tensor& x) { return hardtanh(x, 0, 6); }

Tensor glu(const Tensor& x, int64_t axis) {
  check_floating("glu", x);
  const int64_t along = normalize_axis("glu", axis, x), half = x.shape()[along] / 2;
  if (x.shape()[along] != 2 * half)
    fail("glu", "axis {} has no halves: x is {}; hint: its size is even", axis, x.describe());
  const Tensor gate = unary(UnaryOp::sigmoid, x.slice(along, half, 2 * half));
  return binary(BinaryOp::mul, x.slice(along, 0, half), gate);
}

}  // namespace weft
