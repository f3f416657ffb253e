// hyper/conv.h: a convolution whose kernel a generator makes
#pragma once
#include "hyper/kernel_generator.h"

namespace weft::hyper {

struct HyperConv2dOptions {
  int64_t in_channels = 16, out_channels = 16;
  int64_t stride = 1;
  int64_t padding = 0;
  nn::Bias bias = nn::Bias::yes;
};

/// nn::conv2d with a generated kernel: owns one embedding a tile and the bias, borrows the generator.
/// Init (the authors' notebook): embeddings normal of mean 0.01 and deviation 1 truncated at two deviations, bias 0.
/// Throws: channels that are no multiple of the generator's tile.
class HyperConv2d : public nn::Layer {
 public:
  /// `generator` must outlive the layer and is registered by the model that owns it.
  HyperConv2d(HyperConv2dOptions options, const KernelGenerator& generator, RandomStream& init);
  std::string_view kind() const override { return "HyperConv2d"; }
  Variable operator()(const Variable& x) override;

  /// The generated kernel [out, in, f, f].
  Variable kernel() const;

  nn::Parameter embedding, bias;  // [tiles, N_z], [out]

 private:
  HyperConv2dOptions options_;
  const KernelGenerator& generator_;
};

}  // namespace weft::hyper
