// tensor/backend_defaults.cpp: fused kernels written with the primitives, for backends that do not have their own
#include "tensor/backend.h"
#include "tensor/elementwise.h"
#include "tensor/reduce.h"

namespace weft {

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

}  // namespace weft
