// nn/conv.cpp: convolution layers
#include "nn/conv.h"

#include <cmath>

#include "autograd/conv.h"
#include "nn/init.h"
#include "tensor/create.h"

namespace weft::nn {

Conv2d::Conv2d(int64_t in_channels, int64_t out_channels, Conv2dOptions options, RandomStream& init)
    : window{{options.stride, options.stride}, {options.padding, options.padding}} {
  const int64_t k = options.kernel_size;
  if (in_channels < 1 || out_channels < 1 || k < 1 || options.stride < 1 || options.padding < 0) {
    fail("Conv2d",
         "in_channels is {}, out_channels {}, kernel_size {}, stride {}, padding {}; hint: padding is at least 0, the "
         "others at least 1",
         in_channels, out_channels, k, options.stride, options.padding);
  }
  const double bound = 1 / std::sqrt(static_cast<double>(in_channels * k * k));
  weight = Parameter(empty({out_channels, in_channels, k, k}));
  init::uniform_(weight.value(), init, -bound, bound);
  register_parameter("weight", weight);
  if (options.bias == Bias::no) return;
  bias = Parameter(empty({out_channels}));
  init::uniform_(bias.value(), init, -bound, bound);
  register_parameter("bias", bias);
}

Variable Conv2d::operator()(const Variable& x) { return conv2d(x, weight, bias, window); }

}  // namespace weft::nn
