// nn/conv.h: convolution layers
#pragma once
#include "nn/linear.h"
#include "nn/module.h"
#include "tensor/conv.h"
#include "tensor/random.h"

namespace weft::nn {

struct Conv2dOptions {
  int64_t kernel_size = 3;  ///< square
  int64_t stride = 1;
  int64_t padding = 0;
  Bias bias = Bias::yes;
};

/// y = x * weight + bias (cross-correlation).  x [n, in, h, w], weight [out, in, k, k], bias [out] -> [n, out, oh, ow].
/// Init: U(-k, k), k = 1/sqrt(in kernel_size^2), weight and bias.
class Conv2d : public Layer {
 public:
  Conv2d(int64_t in_channels, int64_t out_channels, Conv2dOptions options, RandomStream& init);
  std::string_view kind() const override { return "Conv2d"; }
  Variable operator()(const Variable& x) override;

  Parameter weight, bias;  // state names: "weight", "bias"; bias is undefined with Bias::no
  Window2d window;
};

}  // namespace weft::nn
