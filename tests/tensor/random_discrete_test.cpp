// tests/tensor/random_discrete_test.cpp: choices and exponential numbers against their distributions; seeds are fixed
#include "tensor/random_discrete.h"

#include <algorithm>
#include <cmath>

#include "tensor/create.h"
#include "tensor/elementwise.h"
#include "tensor/matmul.h"
#include "tensor/reduce.h"
#include "tensor/sort.h"
#include "tests/tensor/doubles.h"
#include "tests/tensor/throws.h"

using namespace weft;

namespace {

using Ints = std::vector<int64_t>;

Ints ints(const Tensor& x) { return x.to_vector<int64_t>(); }

/// How often each of 0 .. n-1 occurs lies within 5 standard deviations of what `expected` shares say.
void check_shares(const Tensor& drawn, const std::vector<double>& expected) {
  const auto counts = bincount(drawn.reshape({-1}), static_cast<int64_t>(expected.size())).to_vector<double>();
  const double n = static_cast<double>(drawn.numel());
  REQUIRE(counts.size() == expected.size());
  for (size_t i = 0; i < counts.size(); ++i) {
    INFO("value ", i);
    CHECK(std::fabs(counts[i] - n * expected[i]) <= 5 * std::sqrt(n * expected[i] * (1 - expected[i])));
  }
}

}  // namespace

// The expected values are those of a second implementation of Philox and of each choice, in Python.
TEST_CASE("the first values of every draw are fixed") {
  const Tensor weights = tensor<double>({1, 2, 0, 3, 4});
  for (const Device device : {reference, cpu}) {
    RandomStream stream(42, 4);
    CHECK(ints(random_bernoulli({8}, stream, 0.5, {DType::int64, device})) == Ints{1, 0, 0, 1, 0, 1, 1, 0});
    CHECK(ints(random_integers({8}, stream, -5, 5, {DType::int64, device})) == Ints{-5, 0, -4, -3, -1, -5, -3, -5});
    CHECK(ints(random_multinomial(weights.to(device), 8, stream, Replacement::yes)) == Ints{0, 4, 3, 4, 4, 4, 1, 4});
    CHECK(ints(random_multinomial(weights.to(device), 4, stream)) == Ints{4, 0, 3, 1});
    CHECK(ints(random_categorical(log(weights.to(device)).expand({6, 5}), stream)) == Ints{1, 4, 1, 1, 4, 4});
    CHECK(random_exponential({2}, stream, 2, {DType::float64, device}).at({1}) ==
          doctest::Approx(1.0818712440185791).epsilon(1e-14));
    CHECK(stream.position() == 8 + 8 + 8 + 5 + 6 + 2);
  }
}

TEST_CASE("exponential numbers have their distribution") {
  constexpr int64_t n = 100'000;
  RandomStream stream(7, 0);
  const Tensor x = random_exponential({n}, stream, 2, kDouble);
  CHECK(mean(x).item() == doctest::Approx(0.5).epsilon(0.02));
  CHECK(mean(square(x)).item() == doctest::Approx(0.5).epsilon(0.04));
  // Kolmogorov and Smirnov: the largest distance between both distribution functions exceeds 1.95 / sqrt(n) once in
  // 1000 draws.
  const auto sorted = sort(x).values.to_vector<double>();
  double distance = 0;
  for (size_t i = 0; i < sorted.size(); ++i) {
    const double share = 1 - std::exp(-2 * sorted[i]);
    distance = std::max({distance, std::fabs(share - double(i) / n), std::fabs(share - double(i + 1) / n)});
  }
  CHECK(distance < 1.95 / std::sqrt(double(n)));
  CHECK(sorted.front() >= 0);
}

TEST_CASE("bernoulli numbers are 1 as often as they should be") {
  RandomStream stream(8, 0);
  CHECK(mean(random_bernoulli({100'000}, stream, 0.3, kDouble)).item() == doctest::Approx(0.3).epsilon(0.02));
  CHECK(count_nonzero(random_bernoulli({1000}, stream, 0)).item() == 0);
  CHECK(count_nonzero(random_bernoulli({1000}, stream, 1)).item() == 1000);
  CHECK(random_bernoulli({3}, stream, 0.5, {DType::boolean}).dtype() == DType::boolean);
  const Tensor p = tensor<float>({0, 0.25, 1}).expand({40'000, 3});
  const auto shares = mean(random_bernoulli(p, stream), {0}).to_vector<double>();
  CHECK(shares[0] == 0);
  CHECK(shares[1] == doctest::Approx(0.25).epsilon(0.03));
  CHECK(shares[2] == 1);
}

TEST_CASE("integers are even and in range") {
  RandomStream stream(9, 0);
  check_shares(random_integers({70'000}, stream, -3, 4) + 3, std::vector<double>(7, 1.0 / 7));
  CHECK(random_integers({20}, stream, 255, 256, {DType::uint8}).to_vector<int64_t>() == std::vector<int64_t>(20, 255));
  const Tensor wide = random_integers({1000}, stream, -(int64_t{1} << 52), int64_t{1} << 52);
  CHECK(min(wide).item<int64_t>() < -(int64_t{1} << 51));
  CHECK(max(wide).item<int64_t>() >= int64_t{1} << 51);
}

TEST_CASE("multinomial choices follow the weights") {
  RandomStream stream(10, 0);
  const Tensor weights = tensor<float>({1, 0, 2, 5, 0});
  check_shares(random_multinomial(weights, 80'000, stream, Replacement::yes), {0.125, 0, 0.25, 0.625, 0});
  check_shares(random_multinomial(weights.expand({80'000, 5}), 1, stream), {0.125, 0, 0.25, 0.625, 0});
  const Tensor two = random_multinomial(weights.expand({80'000, 5}), 2, stream);
  CHECK_FALSE(any(equal(two.select(1, 0), two.select(1, 1))).item<bool>());
  // The second: sum over the first of its share times the share among the rest.
  check_shares(two.select(1, 1),
               {0.25 / 6 + 0.625 / 3, 0, 0.125 * 2 / 7 + 0.625 * 2 / 3, 0.125 * 5 / 7 + 0.25 * 5 / 6, 0});
  const Tensor all_of_them = sort(random_multinomial(weights, 3, stream)).values;
  CHECK(all_of_them.to_vector<int64_t>() == std::vector<int64_t>{0, 2, 3});
}

TEST_CASE("categorical choices follow softmax of the logits") {
  RandomStream stream(11, 0);
  const float inf = std::numeric_limits<float>::infinity();
  const Tensor logits = log(tensor<float>({1, 2, 5})) + 300;  // exp would overflow
  check_shares(random_categorical(logits.expand({80, 1000, 3}), stream), {0.125, 0.25, 0.625});
  CHECK(random_categorical(tensor<float>({-inf, 0, -inf}), stream).item<int64_t>() == 1);
  CHECK(random_categorical(logits, stream).rank() == 0);
}

TEST_CASE("multivariate normal numbers have mean and covariance") {
  constexpr int64_t n = 100'000;
  RandomStream stream(12, 0);
  const Tensor mu = tensor<double>({1, -2}), cholesky = tensor<double>({2, 0, 1, 0.5}, Shape{2, 2});
  const Tensor x = random_multivariate_normal(mu, cholesky, n, stream);
  CHECK(x.shape() == Shape{n, 2});
  const Tensor centred = x - mu;
  const auto m = mean(centred, {0}).to_vector<double>();
  CHECK(std::fabs(m[0]) < 5 * 2 / std::sqrt(double(n)));
  CHECK(std::fabs(m[1]) < 5 * 1.2 / std::sqrt(double(n)));
  const Tensor covariance = matmul(centred.transpose(), centred) / double(n);
  CHECK(covariance.at({0, 0}) == doctest::Approx(4).epsilon(0.03));
  CHECK(covariance.at({0, 1}) == doctest::Approx(2).epsilon(0.03));
  CHECK(covariance.at({1, 1}) == doctest::Approx(1.25).epsilon(0.03));
}

TEST_CASE("draws stay in range at the edges of what a float holds") {
  for (const Device device : available_devices()) {
    RandomStream stream(7, 4);
    const Tensor huge = tensor<double>({1e308, 0, 1e308}, {}, device), tiny = tensor<double>({5e-324}, {}, device);
    const Tensor drawn = random_multinomial(huge, 200, stream, Replacement::yes);
    CHECK(all(logical_or(equal(drawn, 0), equal(drawn, 2))).item<bool>());
    CHECK(max(random_multinomial(tiny, 200, stream, Replacement::yes)).item<int64_t>() == 0);
    const Tensor mixed = tensor<double>({0, 5e-324, 0, 1, 0}, {}, device);
    CHECK(ints(weft::sort(random_multinomial(mixed, 2, stream), 0).values) == Ints{1, 3});
    CHECK_FAILS(random_integers({3}, stream, 5, 9, {DType::boolean, device}), "random_integers: 5 does not fit bool");
    CHECK_FAILS(random_integers({3}, stream, 0, (1 << 24) + 2, {DType::float32, device}),
                "random_integers: 16777217 does not fit float32, which holds the integers from -16777216 to 16777216");
    CHECK(ints(random_integers({1}, stream, 1, 2, {DType::boolean, device})) == Ints{1});
  }
}
