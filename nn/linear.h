// nn/linear.h: the fully connected layer
#pragma once
#include "nn/module.h"
#include "tensor/random.h"

namespace weft::nn {

enum class Bias : bool { no, yes };

/// y = x W^T + b.   x [..., in], weight [out, in], bias [out] -> y [..., out].   Init: U(-k, k), k = 1/sqrt(in).
class Linear : public Layer {
 public:
  /// Throws: in or out below 1.
  Linear(int64_t in_features, int64_t out_features, RandomStream& init, Bias bias = Bias::yes);
  std::string_view kind() const override { return "Linear"; }
  Variable operator()(const Variable& x) override;
  bool takes_weights_per_sample() const override { return true; }

  Parameter weight, bias;  // state names: "weight", "bias"; bias is undefined with Bias::no
};

}  // namespace weft::nn
