// hyper/models/mnist_cnn.h: the paper's MNIST network, with a free or a generated second kernel
#pragma once
#include <memory>

#include "hyper/conv.h"
#include "hyper/models/kernel.h"

namespace weft::hyper {

/// conv 7x7 1->16 same padding, relu, max-pool 2; conv 7x7 16->16 (free or generated), relu, max-pool 2; linear
/// 784->10. x [n, 1, 28, 28] in 0..1 -> logits [n, 10].  21,210 parameters free, 12,910 generated (d = N_z = 4). Init
/// (the authors' notebook): convolutions truncated normal 0.01, biases 0, the linear weight orthogonal.
class MnistCnn : public nn::Layer {
 public:
  MnistCnn(Kernel kernel, RandomStream& init);
  std::string_view kind() const override { return "MnistCnn"; }
  Variable operator()(const Variable& x) override;

  /// The second layer's kernel [16, 16, 7, 7], learnt or generated.
  Variable second_kernel() const;

 private:
  nn::Conv2d conv1_;
  std::unique_ptr<nn::Conv2d> conv2_;           ///< free
  std::unique_ptr<KernelGenerator> generator_;  ///< generated
  std::unique_ptr<HyperConv2d> hyper_conv2_;    ///< generated
  nn::Linear classifier_;
};

}  // namespace weft::hyper
