// tests/hyper/error_words.cpp: the words of errors that other tests bring about for another reason, or not at all
#include <doctest/doctest.h>

#include "hyper/init.h"
#include "hyper/kernel_generator.h"
#include "hyper/models/coordinate_net.h"
#include "hyper/models/handwriting_model.h"
#include "hyper/models/mnist_cnn.h"
#include "hyper/models/stroke_mixture.h"
#include "hyper/models/wide_resnet.h"
#include "nn/nn.h"
#include "tests/fixtures/error_of.h"

using namespace weft;
using weft::test::error_of;

TEST_CASE("words of errors: hyper") {
  Streams streams(1);
  const auto says = [](const std::function<void()>& call, std::string_view words) {
    const std::string text = error_of(call);
    CHECK_MESSAGE(text.find(words) != std::string::npos, text);
  };
  const Tensor x = ones({2, 3});
  hyper::KernelGenerator generator({.embedding_size = 4}, streams.init);
  says([&] { generator(x); }, "KernelGenerator: z is [2, 3] float32 cpu; hint: one embedding a row, [tiles, 4]");
  says([&] { hyper::CoordinateNet(hyper::Kernel::free, streams.init)(x); },
       "CoordinateNet: x is [2, 3] float32 cpu; hint: grey images, [n, 1, 28, 28]");
  says([&] { hyper::MnistCnn(hyper::Kernel::free, streams.init)(x); },
       "MnistCnn: x is [2, 3] float32 cpu; hint: grey images, [n, 1, 28, 28]");
  says([&] { hyper::init::hyperfan_in_variance({.fans = {.in = 0, .out = 2}}); },
       "hyperfan: fans 0 in, 2 out; hint: both are at least 1");
  says([&] { hyper::WideResNet({.depth = 10}, streams.init)(x); },
       "WideResNet: x is [2, 3] float32 cpu; hint: colour images, [n, 3, h, w]");
  says([&] { hyper::KernelGenerator({.hidden_size = 0}, streams.init); },
       "KernelGenerator: in_channels is 16, out_channels 16, kernel_size 3, embedding_size 4, hidden_size 0; hint: all "
       "are");
  says([&] { hyper::join_tiles(x, 1, 2); },
       "join_tiles: tiles is [2, 3] float32 cpu, rows is 1, columns is 2; hint: [rows * columns, N_out, N_in, f, f]");
  hyper::HandwritingModel model({}, streams);
  says([&] { hyper::sample_handwriting(model, -1, 0, streams.sample); }, "sample_handwriting: steps -1 is negative");
  says([&] { hyper::sample_stroke(ones({7}), -1, streams.sample); },
       "sample_stroke: bias -1 must be 0 or more and finite");
}
