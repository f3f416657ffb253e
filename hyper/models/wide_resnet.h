// hyper/models/wide_resnet.h: wide residual networks (Zagoruyko and Komodakis 2016) with free or generated kernels
#pragma once
#include <memory>

#include "hyper/conv.h"
#include "hyper/models/kernel.h"

namespace weft::hyper {

struct WideResNetOptions {
  int64_t depth = 40;  ///< 6 N + 4: three groups of N blocks of two convolutions
  int64_t widen = 1;   ///< k
  Kernel kernel = Kernel::free;
  int64_t classes = 10;
};

/// bn, relu, conv 3x3, bn, relu, conv 3x3, added to x. Where the channels change, the second path is a 1x1 convolution
/// of the first relu. No convolution has a bias.  x [n, in, h, w] -> [n, out, h / stride, w / stride].
class ResidualBlock : public nn::Layer {
 public:
  /// With a generator, which must outlive the block and is the model's, the two kernels are made by it.
  ResidualBlock(int64_t in_channels, int64_t out_channels, int64_t stride, const KernelGenerator* generator,
                RandomStream& init);
  std::string_view kind() const override { return "ResidualBlock"; }
  Variable operator()(const Variable& x) override;

  /// The two 3x3 kernels, learnt or generated, and the shortcut's weight where there is one.
  std::vector<Variable> kernels() const;

 private:
  nn::BatchNorm2d bn1_, bn2_;
  std::unique_ptr<nn::Layer> conv1_, conv2_;  ///< Conv2d or HyperConv2d
  std::unique_ptr<nn::Conv2d> shortcut_;
};

/// WRN-depth-widen: conv 3x3 3->16; three groups of (depth - 4) / 6 blocks with 16k, 32k, 64k channels and strides 1,
/// 2, 2; bn, relu, mean over all pixels, linear with bias.  x [n, 3, h, w] -> logits [n, classes]. Generated (Ha, Dai
/// and Le 2016, section 4.2): all kernels of the groups are tiles of 16 x 16 x 3 x 3 from one generator with N_z = d =
/// 64; the first convolution and the 1x1 shortcuts stay free. Init: free kernels He normal over fan-out, as Zagoruyko
/// and Komodakis; the generator as KernelGenerator. Parameters: WRN-40-1 563,930, generated 97,770; WRN-40-2 2,243,546,
/// generated 155,626.
class WideResNet : public nn::Layer {
 public:
  /// Throws: a depth that is not 6 N + 4 with N >= 1, widen or classes below 1.
  WideResNet(WideResNetOptions options, RandomStream& init);
  std::string_view kind() const override { return "WideResNet"; }
  Variable operator()(const Variable& x) override;

  /// What L2 regularisation is for: every convolution's kernel, free or generated, from the image on.
  std::vector<Variable> kernels() const;
  /// The last 3x3 kernel of group 0, 1 or 2: [c, c, 3, 3].
  Variable last_kernel(int64_t group) const;
  const WideResNetOptions& options() const { return options_; }

 private:
  WideResNetOptions options_;
  nn::Conv2d stem_;
  std::unique_ptr<KernelGenerator> generator_;
  std::vector<std::unique_ptr<ResidualBlock>> blocks_;
  nn::BatchNorm2d bn_;
  nn::Linear classifier_;
};

}  // namespace weft::hyper
