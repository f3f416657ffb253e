// hyper/models/wide_resnet.cpp: wide residual networks with free or generated kernels
#include "hyper/models/wide_resnet.h"

namespace weft::hyper {
namespace {

constexpr int64_t kStemChannels = 16, kImageChannels = 3, kGroups = 3, kTile = 16, kEmbedding = 64;

int64_t blocks_of(const WideResNetOptions& options) { return (options.depth - 4) / 6; }  // in one group

const WideResNetOptions& checked(const WideResNetOptions& options) {
  if (options.depth < 10 || (options.depth - 4) % 6 != 0 || options.widen < 1 || options.classes < 1) {
    fail("WideResNet", "depth is {}, widen {}, classes {}; hint: depth is 6 N + 4 (10, 16, 22, 28, ...), all above 0",
         options.depth, options.widen, options.classes);
  }
  return options;
}

std::unique_ptr<nn::Conv2d> free_convolution(int64_t in, int64_t out, int64_t kernel_size, int64_t stride,
                                             RandomStream& init) {
  auto conv = std::make_unique<nn::Conv2d>(
      in, out,
      nn::Conv2dOptions{.kernel_size = kernel_size, .stride = stride, .padding = kernel_size / 2, .bias = nn::Bias::no},
      init);
  nn::init::kaiming_normal_(conv->weight.value(), init, nn::init::Nonlinearity::relu, nn::init::Fan::out);
  return conv;
}

std::unique_ptr<nn::Layer> convolution(int64_t in, int64_t out, int64_t stride, const KernelGenerator* generator,
                                       RandomStream& init) {
  if (generator == nullptr) return free_convolution(in, out, 3, stride, init);
  return std::make_unique<HyperConv2d>(
      HyperConv2dOptions{.in_channels = in, .out_channels = out, .stride = stride, .padding = 1, .bias = nn::Bias::no},
      *generator, init);
}

Variable kernel_of(const nn::Layer& conv) {
  if (const auto* made = dynamic_cast<const HyperConv2d*>(&conv)) return made->kernel();
  return dynamic_cast<const nn::Conv2d&>(conv).weight;
}

}  // namespace

ResidualBlock::ResidualBlock(int64_t in_channels, int64_t out_channels, int64_t stride,
                             const KernelGenerator* generator, RandomStream& init)
    : bn1_(in_channels),
      bn2_(out_channels),
      conv1_(convolution(in_channels, out_channels, stride, generator, init)),
      conv2_(convolution(out_channels, out_channels, 1, generator, init)) {
  register_child("bn1", bn1_);
  register_child("conv1", *conv1_);
  register_child("bn2", bn2_);
  register_child("conv2", *conv2_);
  if (in_channels == out_channels) return;
  shortcut_ = free_convolution(in_channels, out_channels, 1, stride, init);
  register_child("shortcut", *shortcut_);
}

Variable ResidualBlock::operator()(const Variable& x) {
  const Variable activated = relu(bn1_(x));
  const Variable y = (*conv2_)(relu(bn2_((*conv1_)(activated))));
  return y + (shortcut_ ? (*shortcut_)(activated) : x);
}

std::vector<Variable> ResidualBlock::kernels() const {
  std::vector<Variable> all{kernel_of(*conv1_), kernel_of(*conv2_)};
  if (shortcut_) all.push_back(shortcut_->weight);
  return all;
}

WideResNet::WideResNet(WideResNetOptions options, RandomStream& init)
    : options_(checked(options)),
      stem_(kImageChannels, kStemChannels, {.kernel_size = 3, .padding = 1, .bias = nn::Bias::no}, init),
      bn_(4 * kStemChannels * options.widen),
      classifier_(4 * kStemChannels * options.widen, options.classes, init) {
  nn::init::kaiming_normal_(stem_.weight.value(), init, nn::init::Nonlinearity::relu, nn::init::Fan::out);
  register_child("conv", stem_);
  if (options.kernel == Kernel::generated) {
    generator_ = std::make_unique<KernelGenerator>(KernelGeneratorOptions{.in_channels = kTile,
                                                                          .out_channels = kTile,
                                                                          .kernel_size = 3,
                                                                          .embedding_size = kEmbedding,
                                                                          .hidden_size = kEmbedding},
                                                   init);
    register_child("generator", *generator_);
  }
  int64_t in = kStemChannels;
  for (int64_t group = 0; group < kGroups; ++group) {
    const int64_t out = (kStemChannels << group) * options.widen;
    for (int64_t i = 0; i < blocks_of(options); ++i) {
      const int64_t stride = group > 0 && i == 0 ? 2 : 1;
      blocks_.push_back(std::make_unique<ResidualBlock>(in, out, stride, generator_.get(), init));
      register_child(fmt::format("group{}_block{}", group + 1, i + 1), *blocks_.back());
      in = out;
    }
  }
  register_child("bn", bn_);
  register_child("classifier", classifier_);
}

Variable WideResNet::operator()(const Variable& x) {
  if (x.rank() != 4 || x.size(1) != kImageChannels) {
    fail("WideResNet", "x is {}; hint: colour images, [n, 3, h, w]", x.value().describe());
  }
  Variable y = stem_(x);
  for (const auto& block : blocks_) y = (*block)(y);
  return classifier_(mean(relu(bn_(y)), {2, 3}));
}

std::vector<Variable> WideResNet::kernels() const {
  std::vector<Variable> all{stem_.weight};
  for (const auto& block : blocks_) {
    for (Variable& kernel : block->kernels()) all.push_back(kernel);
  }
  return all;
}

Variable WideResNet::last_kernel(int64_t group) const {
  if (group < 0 || group >= kGroups) fail("WideResNet::last_kernel", "group is {}; hint: 0, 1 or 2", group);
  return blocks_[static_cast<size_t>((group + 1) * blocks_of(options_) - 1)]->kernels()[1];
}

}  // namespace weft::hyper
