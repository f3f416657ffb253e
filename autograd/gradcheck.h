// autograd/gradcheck.h: derivatives checked against central differences
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "autograd/variable.h"

namespace weft {

struct GradcheckOptions {
  double step = 1e-6;  ///< relative to max(1, |x|)
  double rtol = 1e-5;
  double atol = 1e-7;
  uint64_t seed = 0;  ///< of the random upstream gradient
};

/// Whether the recorded derivative of `f` at `inputs` (float64) equals central differences, element by element, for a
/// random upstream gradient. Returns an empty string, or a line that names the worst element with both values. Throws:
/// an input is not float64; f gives no float64 result.
std::string gradcheck(const std::function<Variable(const std::vector<Variable>&)>& f, const std::vector<Tensor>& inputs,
                      const GradcheckOptions& options = {});

/// The same for second derivatives: checks the gradient of the gradient, both upstream gradients random.
std::string gradgradcheck(const std::function<Variable(const std::vector<Variable>&)>& f,
                          const std::vector<Tensor>& inputs, const GradcheckOptions& options = {});

}  // namespace weft
