// hyper/conv.cpp: a convolution whose kernel a generator makes
#include "hyper/conv.h"

#include <algorithm>

#include "hyper/init.h"
#include "tensor/create.h"

namespace weft::hyper {
namespace {

/// How many tiles of `tile` channels make up `channels`.
int64_t blocks(std::string_view which, int64_t channels, int64_t tile) {
  if (channels < 1 || channels % tile != 0) {
    fail("HyperConv2d",
         "{} is {}, no multiple of the generator's {}; hint: a kernel is made of whole tiles, use {} or {}", which,
         channels, tile, std::max(tile, channels / tile * tile), std::max(tile, (channels / tile + 1) * tile));
  }
  return channels / tile;
}

}  // namespace

HyperConv2d::HyperConv2d(HyperConv2dOptions options, const KernelGenerator& generator, RandomStream& init)
    : options_(options), generator_(generator) {
  const KernelGeneratorOptions& tile = generator.options();
  const int64_t tiles = blocks("in_channels", options.in_channels, tile.in_channels) *
                        blocks("out_channels", options.out_channels, tile.out_channels);
  if (options.stride < 1 || options.padding < 0) {
    fail("HyperConv2d", "stride is {}, padding {}; hint: stride is at least 1, padding at least 0", options.stride,
         options.padding);
  }
  const Device device = generator.w_in.own().device();
  embedding = nn::Parameter(empty({tiles, tile.embedding_size}, {.device = device}));
  init::truncated_normal_(embedding.value(), init, 0.01, 1);  // the authors' notebook: mean 0.01, deviation 1
  register_parameter("embedding", embedding);
  if (options.bias == nn::Bias::no) return;
  bias = nn::Parameter(zeros({options.out_channels}, {.device = device}));
  register_parameter("bias", bias);
}

Variable HyperConv2d::kernel() const {
  const KernelGeneratorOptions& tile = generator_.options();
  return join_tiles(generator_(embedding), options_.in_channels / tile.in_channels,
                    options_.out_channels / tile.out_channels);
}

Variable HyperConv2d::operator()(const Variable& x) {
  const int64_t stride = options_.stride, padding = options_.padding;
  return conv2d(x, kernel(), bias, {{stride, stride}, {padding, padding}});
}

}  // namespace weft::hyper
