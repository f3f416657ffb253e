// tests/tensor/random_test.cpp: Philox against its published answers, distributions, streams
#include "tensor/random.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "tensor/allclose.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"
#include "tensor/reduce.h"
#include "tests/fixtures/folder.h"
#include "tests/fixtures/read_json.h"
#include "tests/tensor/doubles.h"
#include "tests/tensor/throws.h"

using namespace weft;

namespace {

double variance(const Tensor& x) { return mean(square(x - mean(x))).item(); }

}  // namespace

TEST_CASE("philox4x32-10 gives Random123's known answers") {
  using Words = std::array<uint32_t, 4>;
  CHECK(philox4x32({0, 0, 0, 0}, {0, 0}) == Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  constexpr uint32_t all = 0xffffffff;
  CHECK(philox4x32({all, all, all, all}, {all, all}) == Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

// The fixture's script works them out by the documented mapping: positions around 2^32, a 64-bit seed.
TEST_CASE("draws give the values of an independent program") {
  const auto expected = test::read_json(test::fixtures() / "random.json");
  const auto stream_at = [](double position) {
    RandomStream stream(0x123456789abcdef, 6);
    stream.set_position(static_cast<uint64_t>(position));
    return stream;
  };
  const double first = 4294967293, first_truncated = expected.at("truncated_normal_first").item();
  for (const Device device : {reference, cpu}) {
    const TensorOptions options{DType::float64, device};
    const auto check = [&](const char* name, const Tensor& drawn) {
      CAPTURE(to_string(device));
      CHECK_MESSAGE(compare(drawn.to(cpu), expected.at(name), {.rtol = 1e-14, .atol = 0}).report == "", name);
    };
    RandomStream stream = stream_at(first);
    check("uniform", random_uniform({8}, stream, 0, 1, options));
    stream = stream_at(first);
    check("normal", random_normal({8}, stream, 0, 1, options));
    stream = stream_at(first_truncated);  // one of them is drawn again
    check("truncated_normal", random_truncated_normal({8}, stream, 0, 1, options));
    stream = stream_at(first);
    check("exponential", random_exponential({8}, stream, 1, options));
    stream = stream_at(first);
    check("permutation", random_permutation(8, stream, device).to(DType::float64));
    stream = stream_at(first);
    check("uniform", random_uniform({8}, stream, -1, 3, options) / 4 + 0.25);
  }
  RandomStream stream = stream_at(first);
  for (const double word : expected.at("below_upper_word").to_vector<double>())
    CHECK((stream.below(3 * (int64_t{1} << 61)) >> 32) == static_cast<int64_t>(word));  // a quarter is drawn again
  CHECK(stream.position() == 4294967301);
  stream = stream_at(first);
  CHECK(stream.uniform() == expected.at("uniform").to_vector<double>()[0]);
  CHECK(stream.normal() == doctest::Approx(expected.at("normal").to_vector<double>()[1]).epsilon(1e-14));
}

TEST_CASE("moments and bounds of the distributions") {
  constexpr int64_t n = 200'000;
  RandomStream stream(7, 0);
  const Tensor u = random_uniform({n}, stream, -1, 3, kDouble);
  CHECK(min(u).item() >= -1);
  CHECK(max(u).item() < 3);
  CHECK(mean(u).item() == doctest::Approx(1).epsilon(0.02));
  CHECK(variance(u) == doctest::Approx(16.0 / 12).epsilon(0.02));
  const Tensor z = random_normal({n}, stream, 2, 3, kDouble);
  CHECK(mean(z).item() == doctest::Approx(2).epsilon(0.02));
  CHECK(variance(z) == doctest::Approx(9).epsilon(0.02));
  const Tensor fourth = square(square((z - 2) / 3));
  CHECK(mean(fourth).item() == doctest::Approx(3).epsilon(0.05));
  const Tensor t = random_truncated_normal({n}, stream, 0, 1, kDouble);
  CHECK(max(abs(t)).item() <= 2);
  CHECK(variance(t) == doctest::Approx(0.7737).epsilon(0.02));  // 1 - 4 phi(2) / (2 Phi(2) - 1)
}

TEST_CASE("uniform values stay below the upper bound after rounding to float32") {
  const double next_after_one = 1 + std::ldexp(1.0, -23);
  for (const Device device : {reference, cpu}) {
    RandomStream stream(1, 0);
    const Tensor x = random_uniform({1000}, stream, 1, next_after_one, {.device = device});
    CHECK(max(x).item() == 1);  // half of the values lie closer to the upper bound, which is excluded
  }
}

TEST_CASE("a draw depends on seed, stream and position alone") {
  RandomStream whole(5, 1), parts(5, 1), other_stream(5, 2), other_seed(6, 1);
  const auto all = random_normal({10}, whole).to_vector<float>();
  auto joined = random_normal({4}, parts).to_vector<float>();
  const auto rest = random_normal({2, 3}, parts).to_vector<float>();
  joined.insert(joined.end(), rest.begin(), rest.end());
  CHECK(all == joined);
  CHECK(whole.position() == 10);
  CHECK(all != random_normal({10}, other_stream).to_vector<float>());
  CHECK(all != random_normal({10}, other_seed).to_vector<float>());
  whole.set_position(0);
  CHECK(all == random_normal({10}, whole, 0, 1, {.device = reference}).to_vector<float>());
}

TEST_CASE("streams of one seed are not correlated") {
  Streams streams(3);
  const Tensor a = random_normal({100'000}, streams.init, 0, 1, kDouble);
  const Tensor b = random_normal({100'000}, streams.dropout, 0, 1, kDouble);
  CHECK(std::fabs(mean(a * b).item()) < 5 / std::sqrt(100'000.0));
}

TEST_CASE("below is even and in range") {
  RandomStream stream(11, 0);
  std::array<int, 3> counts{};
  for (int i = 0; i < 30'000; ++i) ++counts.at(static_cast<size_t>(stream.below(3)));
  for (const int count : counts) CHECK(std::abs(count - 10'000) < 500);
  CHECK(stream.position() == 30'000);
  CHECK(stream.below(1) == 0);
  // Half of all 64-bit values are rejected here, so a redraw must work.
  for (int i = 0; i < 100; ++i) CHECK(stream.below(INT64_MAX) >= 0);
  const double u = stream.uniform();
  CHECK((u >= 0 && u < 1));
  CHECK_FAILS(stream.below(0), "the bound is 0");
}

TEST_CASE("random_permutation holds every number once, in an order of its own") {
  RandomStream stream(1, 1);
  auto order = random_permutation(1000, stream).to_vector<int64_t>();
  CHECK(order != random_permutation(1000, stream).to_vector<int64_t>());
  CHECK_FALSE(std::is_sorted(order.begin(), order.end()));
  std::sort(order.begin(), order.end());
  std::vector<int64_t> expected(1000);
  std::iota(expected.begin(), expected.end(), 0);
  CHECK(order == expected);
  CHECK(random_permutation(0, stream).shape() == Shape{0});
  std::array<int, 6> seen{};
  for (int i = 0; i < 6000; ++i) {
    const auto p = random_permutation(3, stream).to_vector<int64_t>();
    ++seen.at(static_cast<size_t>(p[0] * 2 + (p[1] > p[2])));
  }
  for (const int count : seen) CHECK(std::abs(count - 1000) < 150);
}

TEST_CASE("random errors") {
  RandomStream stream(1, 0);
  CHECK_FAILS(random_uniform({2}, stream, 1, 0), "random_uniform: the range [1, 0)");
  CHECK_FAILS(random_uniform({2}, stream, -1e308, 1e308, kDouble),
              "random_uniform: the range [-1e+308, 1e+308) must be rising, its ends and its width finite");
  CHECK_FAILS(random_normal({2}, stream, 0, -1), "deviation -1");
  CHECK_FAILS(random_normal({2}, stream, 0, 1, {.dtype = DType::int64}), "needs a floating dtype, not int64");
  CHECK_FAILS(random_permutation(-1, stream), "n is -1");
  CHECK(stream.position() == 0);
}
