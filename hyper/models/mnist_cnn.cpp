// hyper/models/mnist_cnn.cpp: the paper's MNIST network
#include "hyper/models/mnist_cnn.h"

#include "hyper/init.h"

namespace weft::hyper {
namespace {

constexpr int64_t kChannels = 16, kKernelSize = 7, kSamePadding = 3, kSide = 28, kClasses = 10;
constexpr int64_t kFeatures = kChannels * (kSide / 4) * (kSide / 4);  // after two poolings by 2

void init_convolution(const nn::Conv2d& conv, RandomStream& init) {
  init::truncated_normal_(conv.weight.value(), init, 0, 0.01);
  nn::init::zeros_(conv.bias.value());
}

Variable pooled_relu(const Variable& x) { return max_pool2d(relu(x), 2, 2, {.stride = {2, 2}}); }

}  // namespace

MnistCnn::MnistCnn(Kernel kernel, RandomStream& init)
    : conv1_(1, kChannels, {.kernel_size = kKernelSize, .padding = kSamePadding}, init),
      classifier_(kFeatures, kClasses, init) {
  init_convolution(conv1_, init);
  register_child("conv1", conv1_);
  if (kernel == Kernel::free) {
    conv2_ = std::make_unique<nn::Conv2d>(kChannels, kChannels,
                                          nn::Conv2dOptions{.kernel_size = kKernelSize, .padding = kSamePadding}, init);
    init_convolution(*conv2_, init);
    register_child("conv2", *conv2_);
  } else {
    generator_ = std::make_unique<KernelGenerator>(
        KernelGeneratorOptions{.in_channels = kChannels, .out_channels = kChannels, .kernel_size = kKernelSize}, init);
    hyper_conv2_ = std::make_unique<HyperConv2d>(
        HyperConv2dOptions{.in_channels = kChannels, .out_channels = kChannels, .padding = kSamePadding}, *generator_,
        init);
    register_child("generator", *generator_);
    register_child("conv2", *hyper_conv2_);
  }
  nn::init::orthogonal_(classifier_.weight.value(), init);
  nn::init::zeros_(classifier_.bias.value());
  register_child("classifier", classifier_);
}

Variable MnistCnn::operator()(const Variable& x) {
  if (x.rank() != 4 || x.size(1) != 1 || x.size(2) != kSide || x.size(3) != kSide) {
    fail("MnistCnn", "x is {}; hint: grey images, [n, 1, 28, 28]", x.value().describe());
  }
  nn::Layer& conv2 = conv2_ ? static_cast<nn::Layer&>(*conv2_) : *hyper_conv2_;
  return classifier_(flatten(pooled_relu(conv2(pooled_relu(conv1_(x)))), 1));
}

Variable MnistCnn::second_kernel() const { return conv2_ ? Variable(conv2_->weight) : hyper_conv2_->kernel(); }

}  // namespace weft::hyper
