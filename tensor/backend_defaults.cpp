// tensor/backend_defaults.cpp: fused kernels written with the primitives, for backends that do not have their own
#include "tensor/backend.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"
#include "tensor/join.h"
#include "tensor/lstm_sequence.h"
#include "tensor/matmul.h"
#include "tensor/normalization.h"
#include "tensor/reduce.h"
#include "tensor/scaled_gates.h"
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

void Backend::lstm_sequence(const Tensor& projected, const Tensor& weight_hh, const LstmSequenceOptions& options,
                            const LstmSequence& sequence) {
  const Tensor h = sequence.h();
  for (int64_t i = 0; i < sequence.time(); ++i) {
    const auto [t, before, after] = SequenceStep::taken(options.from, i, sequence.time());
    const Tensor gates = sequence.gates.select(0, t), c = sequence.c.select(0, after);
    const Tensor mask = options.mask.defined() ? options.mask.select(0, t) : Tensor();
    binary(BinaryOp::add, projected.select(0, t), weft::matmul(h.select(0, before), weight_hh.transpose()), gates);
    lstm_cell_state(gates, sequence.c.select(0, before), options.forget_bias, mask, c);
    lstm_hidden_state(gates, c, h.select(0, after));
  }
}

void Backend::lstm_sequence_gradient(const LstmSequence& sequence, const Tensor& weight_hh, const Tensor& dy,
                                     const LstmSequenceOptions& options, const LstmSequenceGradient& gradient) {
  const int64_t time = sequence.time();
  const Tensor d_o = empty_like(gradient.c0), through_h = empty_like(gradient.c0), dh = gradient.h0, dc = gradient.c0;
  copy(dy.select(0, SequenceStep::taken(options.from, time - 1, time).after), dh);
  copy(dy.select(0, time + 1), dc);
  for (int64_t i = time - 1; i >= 0; --i) {
    const auto [t, before, after] = SequenceStep::taken(options.from, i, time);
    const Tensor gates = sequence.gates.select(0, t), dgates = gradient.gates.select(0, t);
    const Tensor mask = options.mask.defined() ? options.mask.select(0, t) : Tensor();
    lstm_hidden_state_gradient(gates, sequence.c.select(0, after), dh, d_o, through_h);
    const Tensor dc_after = dc + through_h;
    lstm_cell_state_gradient(gates, sequence.c.select(0, before), options.forget_bias, mask, dc_after, dgates, dc);
    copy(d_o, chunk(dgates, 4, 1)[3]);
    binary(BinaryOp::add, dy.select(0, before), weft::matmul(dgates, weight_hh), dh);
  }
}

void Backend::scaled_gates(const Tensor& by_h, const Tensor& by_x, const Tensor& z, const Tensor& scale_weight,
                           const Tensor& bias, const Tensor& y) {
  const std::vector<Tensor> d = unbind(scales(z, scale_weight), 1);
  const Shape by_gate = d[0].shape();  // [n, gates, hidden]
  const Tensor sum = (d[0] * by_h.reshape(by_gate) + d[1] * by_x.reshape(by_gate) + d[2]).reshape(y.shape());
  copy(bias.defined() ? sum + bias : sum, y);
}

void Backend::scaled_gates_gradient(const Tensor& by_h, const Tensor& by_x, const Tensor& z, const Tensor& scale_weight,
                                    const Tensor& dy, const ScaledGatesGradient& gradient) {
  const int64_t n = z.size(0), e = z.size(3), hidden = scale_weight.size(2), rows = 3 * z.size(2);
  const std::vector<Tensor> d = unbind(scales(z, scale_weight), 1);
  const Shape by_gate = d[0].shape();
  const Tensor g = dy.reshape(by_gate);
  copy(g * d[0], gradient.by_h.reshape(by_gate));
  copy(g * d[1], gradient.by_x.reshape(by_gate));
  if (gradient.bias.defined()) copy(sum(dy, {0}), gradient.bias);
  // Of the scales, role by role and gate by gate: [rows, n, hidden].
  const Tensor dd = stack({g * by_h.reshape(by_gate), g * by_x.reshape(by_gate), g}, 1).reshape({n, rows, hidden});
  const Tensor each = dd.transpose(0, 1), weight = scale_weight.reshape({rows, hidden, e});
  copy(weft::matmul(each, weight).transpose(0, 1).reshape(z.shape()), gradient.z);
  const Tensor dweight = weft::matmul(each.transpose(1, 2), z.reshape({n, rows, e}).transpose(0, 1));
  copy(dweight.reshape(scale_weight.shape()), gradient.scale_weight);
}

}  // namespace weft
