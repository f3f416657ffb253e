// tensor/scaled_gates.cpp: what the gates of a cell sum up when a smaller cell scales its products
#include "tensor/scaled_gates.h"

#include "tensor/backend.h"
#include "tensor/checks.h"
#include "tensor/create.h"
#include "tensor/matmul.h"

namespace weft {

void check_scales(std::string_view op, const Tensor& z, const Tensor& scale_weight) {
  check_floating(op, z);
  check_same_dtype(op, z, scale_weight);
  check_same_device(op, z, scale_weight);
  if (z.rank() != 4 || scale_weight.rank() != 4 || z.size(1) != 3 || scale_weight.size(0) != 3 ||
      z.size(2) != scale_weight.size(1) || z.size(3) != scale_weight.size(3)) {
    fail(op, "z is {}, scale_weight is {}; hint: they are [n, 3, gates, e] and [3, gates, hidden, e]", z.describe(),
         scale_weight.describe());
  }
}

void check_scaled_gates(std::string_view op, const Tensor& by_h, const Tensor& by_x, const Tensor& z,
                        const Tensor& scale_weight, const Tensor& bias) {
  check_scales(op, z, scale_weight);
  check_floating(op, by_h);
  check_same_dtype(op, z, by_h);
  check_same_device(op, z, by_h);
  const int64_t rows = scale_weight.size(1) * scale_weight.size(2);
  if (by_h.shape() != Shape{z.size(0), rows}) {
    fail(op, "by_h is {}, z is {}, scale_weight is {}; hint: by_h is [n, gates hidden]", by_h.describe(), z.describe(),
         scale_weight.describe());
  }
  check_alike(op, "by_x", by_x, "by_h", by_h);
  if (!bias.defined()) return;
  check_same_dtype(op, by_h, bias);
  check_same_device(op, by_h, bias);
  if (bias.shape() != Shape{rows}) {
    fail(op, "bias is {}, by_h is {}; hint: bias is [gates hidden]", bias.describe(), by_h.describe());
  }
}

Tensor scales(const Tensor& z, const Tensor& scale_weight) {
  check_scales("scales", z, scale_weight);
  const int64_t n = z.size(0), gates = z.size(2), e = z.size(3), hidden = scale_weight.size(2);
  const Tensor each = z.reshape({n, 3 * gates, e}).transpose(0, 1);
  const Tensor d = matmul(each, scale_weight.reshape({3 * gates, hidden, e}).transpose(1, 2));
  return d.transpose(0, 1).reshape({n, 3, gates, hidden});
}

Tensor scaled_gates(const Tensor& by_h, const Tensor& by_x, const Tensor& z, const Tensor& scale_weight,
                    const Tensor& bias) {
  check_scaled_gates("scaled_gates", by_h, by_x, z, scale_weight, bias);
  Tensor y = empty_like(by_h);
  if (y.numel() > 0) y.backend().scaled_gates(by_h, by_x, z, scale_weight, bias, y);
  return y;
}

ScaledGatesGradient scaled_gates_gradient(const Tensor& by_h, const Tensor& by_x, const Tensor& z,
                                          const Tensor& scale_weight, const Tensor& dy, bool wants_bias) {
  check_scaled_gates("scaled_gates_gradient", by_h, by_x, z, scale_weight);
  check_alike("scaled_gates_gradient", "dy", dy, "by_h", by_h);
  const auto make = by_h.numel() == 0 ? zeros : empty;  // the kernel writes every element, but sees no empty by_h
  const auto like = [&](const Tensor& x) { return make(x.shape(), {.dtype = x.dtype(), .device = x.device()}); };
  const ScaledGatesGradient gradient{
      like(by_h), like(by_x), like(z), like(scale_weight),
      wants_bias ? make({by_h.size(1)}, {.dtype = dy.dtype(), .device = dy.device()}) : Tensor()};
  if (by_h.numel() > 0) by_h.backend().scaled_gates_gradient(by_h, by_x, z, scale_weight, dy, gradient);
  return gradient;
}

}  // namespace weft
