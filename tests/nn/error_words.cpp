// tests/nn/error_words.cpp: the words of errors that other tests bring about for another reason, or not at all
#include <doctest/doctest.h>

#include "nn/nn.h"
#include "tests/fixtures/error_of.h"

using namespace weft;
using weft::test::error_of;

namespace {

void says(const std::function<void()>& call, std::string_view words) {
  const std::string text = error_of(call);
  CHECK_MESSAGE(text.find(words) != std::string::npos, text);
}

}  // namespace

TEST_CASE("words of errors: functions of nn") {
  Streams streams(1);
  const Tensor x = ones({3});
  says(
      [&] {
        nn::scaled_dot_product_attention(ones({2, 3}), ones({2, 4}), ones({2, 4}));
      },
      "v is [2, 4] float32 cpu; hint: [..., l, d], [..., s, d], [..., s, d_v]");
  says([&] { nn::dropout(x, 1.5, streams.dropout, true); },
       "dropout: p is 1.5; hint: the probability of a zero lies in 0..1");
  says([&] { nn::dropout2d(x, 0.5, streams.dropout, true); },
       "dropout2d: x is [3] float32 cpu; hint: it is [n, channels, ...]");
  says([&] { nn::smooth_l1_loss(x, x, {.beta = -1}); }, "smooth_l1_loss: beta is -1; hint: it is at least 0");
  says([&] { nn::huber_loss(x, x, {.delta = 0}); }, "huber_loss: delta is 0; hint: it is above 0");
  says([&] { per_sample_gradients([](int64_t) { return Variable(); }, 0, {}); },
       "per_sample_gradients: count is 0; hint: it is the number of samples");
  says(
      [&] {
        layer_norm(ones({2, 4}), {4}, ones({3}));
      },
      "layer_norm: weight is [3] float32 cpu, x is [2, 4] float32 cpu; hint: it has normalized_shape, [4]");
  says(
      [&] {
        scale_channels(ones({2, 3, 4}), ones({4}), {});
      },
      "x is [2, 3, 4] float32 cpu; hint: one number a channel, the size of axis 1");
}

TEST_CASE("words of errors: losses and layers") {
  Streams streams(1);
  const Tensor x = ones({2, 3}), target = zeros({2}).to(DType::int64);
  says([&] { softmax_cross_entropy(x, zeros({3}).to(DType::int64)); },
       "cross_entropy: target is [3] int64 cpu, logits are [2, 3] float32 cpu; hint: target is int64 [n], one class a "
       "row");
  says([&] { softmax_cross_entropy(x, target.to(reference)); },
       "cross_entropy: devices differ: target is [2] int64 reference, logits are [2, 3] float32 cpu; hint: use "
       "target.to");
  says([&] { softmax_cross_entropy(x, target + 7); }, "but there are 3 classes (0..2); hint: check the labels");
  says([&] { nn::cross_entropy(ones({2}).to(DType::int64), target); },
       "scores are [2] int64 cpu; hint: they are [n, classes, ...] or [classes], float");
  says([&] { nn::cross_entropy(x, target.to(reference)); },
       "scores are [2, 3] float32 cpu; hint: use target.to(device)");
  says(
      [&] {
        nn::accuracy(ones({0, 3}), target.slice(0, 0, 0));
      },
      "accuracy: logits is [0, 3] float32 cpu; hint: the share of no rows is undefined");
  says(
      [&] {
        linear(x, ones({4, 3}).to(reference));
      },
      "linear: devices differ: x is [2, 3] float32 cpu, weight is [4, 3] float32 reference; hint: use x.to(device) or");
  says([&] { Variable(x).grad(); }, "is not a leaf, and only leaves gather gradients; hint: use watch(x), or Tape::");
  says([&] { nn::Conv2d(0, 2, {}, streams.init); },
       "groups 1, output padding 0; hint: paddings are at least 0, the others at least 1");
  says([&] { nn::init::fans_of(ones({3})); },
       "weight is [3] float32 cpu; hint: fans need two axes or more, [out, in, ...]");
}

TEST_CASE("words of errors: initialisers") {
  Streams streams(1);
  const Tensor x = ones({3});
  says([&] { nn::init::eye_(x); }, "eye_: x is [3] float32 cpu; hint: it takes a matrix");
  says([&] { nn::init::dirac_(x); }, "dirac_: x is [3] float32 cpu; hint: it takes [out, in, k1, ...]");
  says([&] { nn::init::sparse_(x, streams.init, 0.5); }, "sparse_: x is [3] float32 cpu; hint: it takes a matrix");
  says([&] { nn::init::orthogonal_(x, streams.init); },
       "orthogonal_: x is [3] float32 cpu; hint: it takes a matrix [rows, ...]");
}

TEST_CASE("words of errors: modules") {
  Streams streams(1);
  const Tensor x = ones({3});
  nn::Linear model(2, 1, streams.init);
  says([&] { nn::Ema(model, {.decay = 2}); }, "Ema: decay is 2; hint: it lies in 0..1");
  says([&] { nn::GroupNorm(2, 4)(ones({2, 3})); }, "GroupNorm: x is [2, 3] float32 cpu; hint: it is [n, 4, ...]");
  says([&] { nn::PositionalEncoding(0.5, streams.dropout)(x); },
       "PositionalEncoding: x is [3] float32 cpu; hint: it is [n, time, d]");
  says([&] { nn::Sequential().append(nullptr); }, "Sequential::append: layer 0 is null");
  struct Nameless : nn::Module {
    nn::Parameter weight{zeros({1})};
    Nameless() { register_parameter("", weight); }
    std::string_view kind() const override { return "Nameless"; }
  };
  says([] { Nameless(); }, "::register_parameter: the name is empty");
}

TEST_CASE("words of errors: optimisers and schedules") {
  Streams streams(1);
  nn::Linear model(2, 1, streams.init);
  says([&] { nn::optim::SGD(model.parameters(), {.lr = -1}); }, "SGD: lr is -1; hint: it is at least 0");
  says([&] { nn::optim::RMSprop(model.parameters(), {.alpha = 2}); }, "RMSprop: alpha is 2; hint: it lies in [0, 1]");
  nn::optim::SGD sgd(model.parameters(), {.lr = 1});
  says([&] { nn::optim::LrScheduler(sgd, nn::optim::StepLR{.step_size = 0}); },
       "StepLR: step_size is 0; hint: it is at least 1");
  nn::optim::LrScheduler cycle(sgd, nn::optim::OneCycleLR{.total_steps = 2});
  says(
      [&] {
        for (int step = 0; step < 4; ++step) cycle.step();
      },
      "OneCycleLR: step 3 of 2; hint: the cycle ends with step total_steps - 1");
}

TEST_CASE("words of errors: a trainer's state in the middle of an accumulation") {
  Streams streams(1);
  nn::Linear model(2, 1, streams.init);
  nn::optim::SGD sgd(model.parameters(), {.lr = 1});
  nn::Trainer trainer({.model = model, .optimizer = sgd}, {.accumulate = 2});
  std::vector<std::string> texts;
  trainer.fit(std::vector<int>{1, 2}, [&](int) {
    texts.push_back(error_of([&] { trainer.state_dict(); }));
    return mean(model(ones({1, 2})));
  });
  CHECK(texts == std::vector<std::string>{"", "Trainer: 1 batches wait for a step; hint: save in a callback"});
}
