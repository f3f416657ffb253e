// tests/hyper/startup_check.cpp: generated weights that start far from those they replace are named
#include "hyper/startup_check.h"

#include <doctest/doctest.h>

#include "hyper/init.h"
#include "nn/nn.h"
#include "tests/fixtures/nn_fixture.h"

using namespace weft;
using namespace weft::test;

TEST_CASE("statistics are the mean and the variance of the elements") {
  const hyper::WeightStatistics s = hyper::statistics_of(tensor<float>({1, 2, 3, 6}));
  CHECK(s.mean == 3);
  CHECK(s.variance == 3.5);
}

TEST_CASE("the start-up check warns of weights more than 10 times apart, and of no others") {
  Streams s(1);
  const nn::Linear layer(30, 40, s.init);
  const Tensor h = empty({1200, 8}), z = random_normal({8, 1}, s.sample);
  hyper::init::hyperfan_in_(h, s.init, {.fans = nn::init::fans_of(layer.weight.value())});
  const Tensor good = matmul(h, z).reshape({40, 30});
  CHECK(hyper::startup_check(layer, {{"weight", good}}).warning().empty());
  for (const double factor : {100.0, 0.01, 0.0}) {
    const hyper::StartupCheck check = hyper::startup_check(layer, {{"weight", good * factor}, {"bias", zeros({40})}});
    REQUIRE(check.rows.size() == 2);
    CHECK(check.rows[0].parted);
    CHECK(check.rows[1].parted);
    CHECK(contains(check.warning(), "weight: generated weights have variance "));
  }
  CHECK(hyper::startup_check(layer, {{"weight", good * NAN}}).rows[0].parted);
  // A norm's weight starts as ones: zeros have its variance, 0, but not its mean.
  const nn::StateDict ones_and_zeros{{"weight", ones({40})}, {"bias", zeros({40})}};
  const hyper::StartupCheck means =
      hyper::startup_check(ones_and_zeros, {{"weight", zeros({40})}, {"bias", zeros({40})}});
  CHECK_FALSE(means.rows[0].parted);
  CHECK(means.rows[1].parted);
  CHECK(contains(means.table(), "weight                             0           0           1           0  more than"));
  CHECK(contains(means.table(), "bias                               0           0           0           0\n"));
}

TEST_CASE("the start-up check names a weight that the module lacks") {
  Streams s(1);
  const nn::Linear layer(3, 4, s.init);
  const std::string unknown = error_of([&] { hyper::startup_check(layer, {{"w", Variable(zeros({4, 3}))}}); });
  CHECK(contains(unknown, "startup_check: 'w' is [4, 3] float32"));
  CHECK(contains(unknown, "the module's is not there"));
  const std::string other = error_of([&] { hyper::startup_check(layer, {{"weight", Variable(zeros({3, 4}))}}); });
  CHECK(contains(other, "'weight' is [3, 4] float32"));
  CHECK(contains(other, "the module's is [4, 3] float32"));
}
