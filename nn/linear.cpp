// nn/linear.cpp: the fully connected layer
#include "nn/linear.h"

#include <cmath>

#include "autograd/matmul.h"
#include "nn/init.h"
#include "nn/per_sample.h"
#include "tensor/create.h"

namespace weft::nn {

Linear::Linear(int64_t in_features, int64_t out_features, RandomStream& init, Bias with_bias) {
  if (in_features < 1 || out_features < 1) {
    fail("Linear", "in_features is {}, out_features is {}; hint: both are at least 1", in_features, out_features);
  }
  const double bound = 1 / std::sqrt(static_cast<double>(in_features));
  weight = Parameter(empty({out_features, in_features}));
  init::uniform_(weight.value(), init, -bound, bound);
  register_parameter("weight", weight);
  if (with_bias == Bias::no) return;
  bias = Parameter(empty({out_features}));
  init::uniform_(bias.value(), init, -bound, bound);
  register_parameter("bias", bias);
}

Variable Linear::operator()(const Variable& x) {
  if (is_per_sample(weight, 2) || is_per_sample(bias, 1)) return linear_per_sample(x, weight, bias);
  return linear(x, weight, bias);
}

}  // namespace weft::nn
