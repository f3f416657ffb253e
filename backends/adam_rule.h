// backends/adam_rule.h: one element's Adam step, for processors and cards
#pragma once
#include <cmath>

#include "tensor/backend.h"
#include "tensor/maths/host_device.h"

namespace weft {

/// The formula at AdamStep, its scalars in the parameter's type.
template <class T>
class AdamRule {
 public:
  explicit AdamRule(const AdamStep& s)
      : beta1_(T(s.beta1)),
        beta2_(T(s.beta2)),
        rest1_(T(1 - s.beta1)),
        rest2_(T(1 - s.beta2)),
        eps_(T(s.eps)),
        step_size_(T(s.step_size)),
        correction_(T(s.bias_correction2_sqrt)),
        decay_(T(s.weight_decay)),
        decays_(s.weight_decay != 0) {}

  WEFT_HOST_DEVICE void update(T gradient, T& parameter, T& exp_avg, T& exp_avg_sq) const {
    const T g = decays_ ? gradient + decay_ * parameter : gradient;
    exp_avg = beta1_ * exp_avg + rest1_ * g;
    exp_avg_sq = beta2_ * exp_avg_sq + rest2_ * g * g;
    parameter -= step_size_ * exp_avg / (std::sqrt(exp_avg_sq) / correction_ + eps_);
  }

 private:
  T beta1_, beta2_, rest1_, rest2_, eps_, step_size_, correction_, decay_;
  bool decays_;  ///< else the term is left out: 0 times an infinite parameter is NaN
};

}  // namespace weft
