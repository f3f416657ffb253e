// bench/micro/adam.cpp: the fused Adam step on one parameter
#include <cmath>

#include "bench/case.h"
#include "tensor/create.h"

namespace weft::bench {
namespace {

/// Step 1 with the usual settings.
AdamStep first_step() {
  return {.beta1 = 0.9,
          .beta2 = 0.999,
          .eps = 1e-8,
          .step_size = 1e-3 / (1 - 0.9),
          .bias_correction2_sqrt = std::sqrt(1 - 0.999),
          .weight_decay = 0};
}

Case step(int64_t n) {
  const auto prepare = [n](Device device) {
    const Tensor parameter = normal({n}, device, 1), gradient = normal({n}, device, 2);
    const Tensor exp_avg = zeros_like(parameter), exp_avg_sq = zeros_like(parameter);
    return Work{[=] { parameter.backend().adam_step(parameter, gradient, exp_avg, exp_avg_sq, first_step()); },
                [=] {
                  return std::vector<Tensor>{parameter, exp_avg, exp_avg_sq};
                }};
  };
  // Reads four tensors and writes three.
  return {.name = fmt::format("adam_step/{}", n), .prepare = prepare, .bytes = 28.0 * static_cast<double>(n)};
}

const Family adam_family([] { return std::vector<Case>{step(12544), step(1 << 20)}; });

}  // namespace
}  // namespace weft::bench
