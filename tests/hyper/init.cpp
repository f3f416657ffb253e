// tests/hyper/init.cpp: hyperfan initialisers: the variance of generated weights, by sampling
#include "hyper/init.h"

#include <doctest/doctest.h>

#include "hyper/lstm.h"
#include "nn/nn.h"
#include "tests/fixtures/nn_fixture.h"

using namespace weft;
using namespace weft::test;
using hyper::init::HyperfanOptions;

namespace {

using Initialiser = void (*)(const Tensor&, RandomStream&, const HyperfanOptions&);

/// The variance of what a generator of 4,000 numbers makes from 50 embeddings of size 8 and variance 4.
double generated_variance(Initialiser initialiser, HyperfanOptions options) {
  Streams s(1);
  options.embedding_variance = 4;
  const Tensor h = empty({4000, 8});
  initialiser(h, s.init, options);
  return mean(square(matmul(random_normal({50, 8}, s.sample, 0, 2), h.transpose()))).item();
}

const nn::init::Fans kFans{20, 50};

}  // namespace

namespace {

/// The largest difference between components of one embedding of the roles h and x, in what makes and what reads them,
/// after some steps of Adam.
double components_apart(hyper::HyperLSTMCell& cell, RandomStream& sample) {
  nn::optim::Adam adam(cell.parameters(), {.lr = 0.01});
  for (int step = 0; step < 10; ++step) {
    Tape tape;
    nn::RecurrentState state = cell.initial_state(4);
    for (int time = 0; time < 3; ++time) state = cell(Variable(random_normal({4, 3}, sample)), state);
    tape.backward(sum(square(state[0] - random_normal({4, 5}, sample))));
    adam.step();
    adam.zero_grad();
  }
  const Tensor made = cell.embeddings.weight.value().slice(0, 0, 2), read = cell.scale_weight.value().slice(0, 0, 2);
  CHECK(max(abs(made)).item() > 0.01);  // they did learn
  return std::max(max(abs(made - made.slice(2, 0, 1))).item(), max(abs(read - read.slice(3, 0, 1))).item());
}

}  // namespace

TEST_CASE("the authors' initialisers keep the components of an embedding alike, others let them part") {
  Streams streams(2);
  hyper::HyperLSTMCell cell(3, 5, streams, {.hyper_size = 6, .embedding_size = 4});
  CHECK(components_apart(cell, streams.sample) < 1e-4);
  hyper::HyperLSTMCell other(3, 5, streams, {.hyper_size = 6, .embedding_size = 4});
  nn::init::normal_(other.embeddings.weight.value(), streams.init, 0, 0.01);
  CHECK(components_apart(other, streams.sample) > 0.01);
}

TEST_CASE("hyperfan: generated weights have the variance that keeps a layer's") {
  const auto near = [](double variance) { return doctest::Approx(variance).epsilon(0.15); };
  using namespace hyper::init;
  CHECK(generated_variance(hyperfan_in_, {kFans}) == near(1.0 / 20));
  CHECK(generated_variance(hyperfan_in_, {.fans = kFans, .relu = true}) == near(2.0 / 20));
  CHECK(generated_variance(hyperfan_in_, {.fans = kFans, .bias_generated = true}) == near(0.5 / 20));
  CHECK(generated_variance(hyperfan_out_, {kFans}) == near(1.0 / 50));
  CHECK(generated_variance(hyperfan_out_, {.fans = kFans, .bias_generated = true}) == near(1.0 / 50));
  CHECK(generated_variance(hyperfan_in_bias_, {kFans}) == near(0.5));
  CHECK(generated_variance(hyperfan_out_bias_, {kFans}) == near(1 - 20.0 / 50));
  CHECK(generated_variance(hyperfan_out_bias_, {.fans = {50, 20}}) == 0);
}

TEST_CASE("hyperfan names what does not fit") {
  Streams s(1);
  const auto fill = [&](const Shape& shape, const HyperfanOptions& options) {
    return error_of([&] { hyper::init::hyperfan_in_(zeros(shape), s.init, options); });
  };
  CHECK(contains(fill({3}, {kFans}), "generator_weight_: h is [3] float32"));
  CHECK(contains(fill({3, 2}, {.fans = {0, 1}}), "fans 0 in, 1 out"));
  CHECK(contains(fill({3, 2}, {.fans = kFans, .embedding_variance = 0}), "embedding_variance 0"));
}
