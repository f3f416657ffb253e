// tensor/backend_defaults.cpp: fused kernels written with the primitives, for backends that do not have their own
#include "tensor/backend.h"
#include "tensor/elementwise.h"
#include "tensor/normalization.h"
#include "tensor/reduce.h"
#include "tensor/split.h"

namespace weft {
namespace {

/// Gates i, f and g of an LSTM behind their activations, each [n, h].
struct Gates {
  Tensor i, f, g;
  Gates(const Tensor& before, double forget_bias) {
    const std::vector<Tensor> quarter = chunk(before, 4, 1);
    i = sigmoid(quarter[0]);
    f = sigmoid(quarter[1] + forget_bias);
    g = tanh(quarter[2]);
  }
};

Tensor output_gate(const Tensor& gates) { return sigmoid(chunk(gates, 4, 1)[3]); }

}  // namespace

void Backend::log_softmax(const Tensor& x, int64_t axis, const Tensor& y) {
  const Tensor shifted = x - max(x, {axis}, Keep::dim);  // exp of it cannot overflow
  copy(shifted - log(sum(exp(shifted), {axis}, Keep::dim)), y);
}

void Backend::adam_step(const Tensor& parameter, const Tensor& gradient, const Tensor& exp_avg,
                        const Tensor& exp_avg_sq, const AdamStep& step) {
  const Tensor g = step.weight_decay == 0 ? gradient : gradient + parameter * step.weight_decay;
  copy(exp_avg * step.beta1 + g * (1 - step.beta1), exp_avg);
  copy(exp_avg_sq * step.beta2 + square(g) * (1 - step.beta2), exp_avg_sq);
  axpy(-step.step_size, exp_avg / (sqrt(exp_avg_sq) / step.bias_correction2_sqrt + step.eps), parameter);
}

void Backend::layer_norm(const Tensor& x, const Tensor& weight, const Tensor& bias, double eps, const Tensor& y) {
  Tensor result = standardized(x, {2}, eps).s;
  if (weight.defined()) result = result * weight;
  copy(bias.defined() ? result + bias : result, y);
}

void Backend::layer_norm_gradient(const Tensor& x, const Tensor& weight, double eps, const Tensor& dy, const Tensor& dx,
                                  const Tensor& dweight, const Tensor& dbias) {
  const auto [s, r] = standardized(x, {2}, eps);
  const Tensor g = weight.defined() ? dy * weight : dy;
  if (dweight.defined()) copy(sum(dy * s, {0}), dweight);
  if (dbias.defined()) copy(sum(dy, {0}), dbias);
  copy(r * (g - mean(g, {2}, Keep::dim) - s * mean(s * g, {2}, Keep::dim)), dx);
}

void Backend::lstm_cell_state(const Tensor& gates, const Tensor& c, double forget_bias, const Tensor& mask,
                              const Tensor& y) {
  const Gates s(gates, forget_bias);
  copy(s.f * c + s.i * (mask.defined() ? s.g * mask : s.g), y);
}

void Backend::lstm_cell_state_gradient(const Tensor& gates, const Tensor& c, double forget_bias, const Tensor& mask,
                                       const Tensor& dy, const Tensor& dgates, const Tensor& dc) {
  const Gates s(gates, forget_bias);
  const Tensor di = dy * (mask.defined() ? s.g * mask : s.g), dg = dy * (mask.defined() ? s.i * mask : s.i);
  const std::vector<Tensor> quarter = chunk(dgates, 4, 1);
  copy(di * s.i * (1 - s.i), quarter[0]);
  copy(dy * c * s.f * (1 - s.f), quarter[1]);
  copy(dg * (1 - s.g * s.g), quarter[2]);
  fill(quarter[3], 0);
  copy(dy * s.f, dc);
}

void Backend::lstm_hidden_state(const Tensor& gates, const Tensor& c, const Tensor& y) {
  copy(output_gate(gates) * tanh(c), y);
}

void Backend::lstm_hidden_state_gradient(const Tensor& gates, const Tensor& c, const Tensor& dy, const Tensor& d_o,
                                         const Tensor& dc) {
  const Tensor o = output_gate(gates), t = tanh(c);
  copy(dy * t * o * (1 - o), d_o);
  copy(dy * o * (1 - t * t), dc);
}

}  // namespace weft
