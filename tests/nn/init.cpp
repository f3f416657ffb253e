// tests/nn/init.cpp: initialisers by their statistics
#include <doctest/doctest.h>

#include "nn/nn.h"
#include "tensor/matmul.h"
#include "tests/autograd/expect_error.h"
#include "tests/nn/training_fixture.h"

using namespace weft;
using namespace weft::test;
namespace init = weft::nn::init;

namespace {

struct Statistics {
  double mean = 0, deviation = 0, low = 0, high = 0;
};

/// Of `fill` on float32 [200, 50, 4]: fan_in 200, fan_out 800, 40,000 values.
Statistics of(const std::function<void(const Tensor&, RandomStream&)>& fill) {
  RandomStream stream(11, 0);
  const Tensor x = empty({200, 50, 4});
  fill(x, stream);
  const Tensor wide = x.to(DType::float64);
  const double average = mean(wide).item();
  return {average, std::sqrt(mean(square(wide - average)).item()), min(wide).item(), max(wide).item()};
}

void check_uniform(const Statistics& got, double bound) {
  CHECK(got.low >= -bound);
  CHECK(got.high <= bound);
  CHECK(got.high > 0.999 * bound);
  CHECK(got.low < -0.999 * bound);
  CHECK(std::fabs(got.mean) < 0.02 * bound);
  CHECK(got.deviation == doctest::Approx(bound / std::sqrt(3.0)).epsilon(0.02));
}

void check_normal(const Statistics& got, double mean, double deviation) {
  CHECK(std::fabs(got.mean - mean) < 0.025 * deviation);
  CHECK(got.deviation == doctest::Approx(deviation).epsilon(0.02));
  CHECK(got.high > mean + 3 * deviation);
}

void check_orthonormal(const Shape& shape, double gain) {
  CAPTURE(to_string(shape));
  RandomStream stream(5, 0);
  const Tensor x = empty(shape, {.dtype = DType::float64});
  init::orthogonal_(x, stream, gain);
  Tensor rows = x.reshape({x.size(0), -1});
  if (rows.size(0) > rows.size(1)) rows = rows.transpose();
  const Tensor gram = matmul(rows, rows.transpose());
  CHECK(largest_difference(gram, eye(rows.size(0), {.dtype = DType::float64}) * Scalar(gain * gain)) < 1e-12);
}

}  // namespace

TEST_CASE("constants and plain distributions") {
  const Tensor x = empty({2, 3});
  init::constant_(x, 2.5);
  CHECK(largest_difference(x, full({2, 3}, 2.5)) == 0);
  init::ones_(x);
  CHECK(largest_difference(x, ones({2, 3})) == 0);
  init::zeros_(x);
  CHECK(largest_difference(x, zeros({2, 3})) == 0);
  check_uniform(of([](const Tensor& t, RandomStream& s) { init::uniform_(t, s, -0.3, 0.3); }), 0.3);
  check_normal(of([](const Tensor& t, RandomStream& s) { init::normal_(t, s, 1, 0.5); }), 1, 0.5);
}

TEST_CASE("trunc_normal_ cuts at absolute bounds") {
  struct Case {
    double mean, deviation, low, high;
  };
  for (const Case& c : {Case{0, 1, -2, 2}, {1, 0.1, -2, 2}, {0, 1, 0, 0.5}, {0, 1, 3, 4}, {-1, 2, -13, -9}}) {
    const Statistics got =
        of([&](const Tensor& t, RandomStream& s) { init::trunc_normal_(t, s, c.mean, c.deviation, c.low, c.high); });
    // Mean and variance of the truncated normal, by Simpson's rule.
    double mass = 0, first = 0, second = 0;
    constexpr int kSteps = 20000;
    for (int i = 0; i <= kSteps; ++i) {
      const double x = c.low + (c.high - c.low) * i / kSteps, z = (x - c.mean) / c.deviation;
      const double weight = (i == 0 || i == kSteps ? 1 : i % 2 ? 4 : 2) * std::exp(-z * z / 2);
      mass += weight, first += weight * x, second += weight * x * x;
    }
    const double mean = first / mass, deviation = std::sqrt(second / mass - mean * mean);
    CAPTURE(c.mean);
    CAPTURE(c.low);
    CHECK(got.low >= c.low - 1e-6);
    CHECK(got.high <= c.high + 1e-6);
    CHECK(std::fabs(got.mean - mean) < 0.03 * deviation);
    CHECK(got.deviation == doctest::Approx(deviation).epsilon(0.03));
  }
  RandomStream stream(1, 0);
  const Tensor x = zeros({3});
  expect_error([&] { init::trunc_normal_(x, stream, 0, 0); }, {"trunc_normal_: mean 0, deviation 0"});
  expect_error([&] { init::trunc_normal_(x, stream, 0, 1, 2, 2); }, {"bounds [2, 2]"});
  expect_error([&] { init::trunc_normal_(x, stream, 0, 1, 50, 60); }, {"nothing of the normal", "[50, 60]"});
}

TEST_CASE("sparse_ leaves the share of each column at 0") {
  RandomStream stream(1, 0);
  const Tensor x = ones({10, 40});
  init::sparse_(x, stream, 0.31, 0.5);
  const Tensor zeros_of = sum(equal(x, 0).to(DType::int64), {0});
  CHECK(zeros_of.to_vector<int64_t>() == std::vector<int64_t>(40, 4));  // ceil(3.1)
  CHECK(std::fabs(sum(x * x).item() / (6 * 40) - 0.25) < 0.08);
  CHECK(sum(equal(x.select(1, 0), x.select(1, 1)).to(DType::int64)).item<int64_t>() < 4);  // each its own rows
  init::sparse_(x, stream, 1);
  CHECK(sum(abs(x)).item() == 0);
  expect_error([&] { init::sparse_(x, stream, 1.5); }, {"sparse_: sparsity is 1.5"});
  expect_error([&] { init::sparse_(zeros({3}), stream, 0.5); }, {"sparse_: x is [3] float32", "matrix"});
}

TEST_CASE("Glorot and He initialisers") {
  check_uniform(of([](const Tensor& t, RandomStream& s) { init::xavier_uniform_(t, s); }), std::sqrt(6 / 1000.0));
  check_normal(of([](const Tensor& t, RandomStream& s) { init::xavier_normal_(t, s, 2); }), 0,
               2 * std::sqrt(2 / 1000.0));
  check_uniform(of([](const Tensor& t, RandomStream& s) { init::kaiming_uniform_(t, s); }), std::sqrt(6 / 200.0));
  check_normal(of([](const Tensor& t, RandomStream& s) {
                 init::kaiming_normal_(t, s, init::Nonlinearity::tanh, init::Fan::out);
               }),
               0, 5.0 / 3 / std::sqrt(800.0));
}

TEST_CASE("gains are PyTorch's") {
  using init::Nonlinearity;
  const std::vector<double> gains = training_fixture().at("gains").to_vector<double>();
  const std::vector<double> ours{
      init::calculate_gain(Nonlinearity::linear),  init::calculate_gain(Nonlinearity::linear),
      init::calculate_gain(Nonlinearity::sigmoid), init::calculate_gain(Nonlinearity::tanh),
      init::calculate_gain(Nonlinearity::relu),    init::calculate_gain(Nonlinearity::leaky_relu),
      init::calculate_gain(Nonlinearity::selu),    init::calculate_gain(Nonlinearity::leaky_relu, 0.3)};
  CHECK(ours == gains);
}

TEST_CASE("eye_ and dirac_") {
  const Tensor x = ones({2, 3});
  init::eye_(x);
  CHECK(x.to_vector<float>() == std::vector<float>{1, 0, 0, 0, 1, 0});
  const Tensor kernel = ones({4, 2, 3});
  init::dirac_(kernel, 2);
  for (int64_t out = 0; out < 4; ++out) {
    for (int64_t in = 0; in < 2; ++in) {
      for (int64_t k = 0; k < 3; ++k) CHECK(kernel.at({out, in, k}) == (out % 2 == in && k == 1 ? 1 : 0));
    }
  }
  CHECK(contains(error_of([] { init::eye_(zeros({3})); }), "eye_: x is [3] float32"));
  CHECK(contains(error_of([] { init::dirac_(zeros({3, 3})); }), "dirac_: x is [3, 3] float32"));
  CHECK(contains(error_of([] { init::dirac_(zeros({4, 2, 3}), 3); }), "groups 3; hint: groups divide"));
}

TEST_CASE("Linear and Conv2d start as PyTorch's do") {
  Streams streams(1);
  const nn::Linear linear(100, 400, streams.init);
  CHECK(max(abs(linear.weight.value())).item() <= 0.1);
  CHECK(max(abs(linear.weight.value())).item() > 0.0999);
  CHECK(max(abs(linear.bias.value())).item() > 0.09);
  const nn::Conv2d conv(4, 64, {.kernel_size = 5}, streams.init);
  CHECK(max(abs(conv.weight.value())).item() <= 0.1);
  CHECK(max(abs(conv.weight.value())).item() > 0.099);
  CHECK(max(abs(conv.bias.value())).item() <= 0.1);
}

TEST_CASE("orthogonal_ gives orthonormal rows or columns, times gain") {
  check_orthonormal({10, 10}, 1);
  check_orthonormal({5, 33}, 1);
  check_orthonormal({33, 5}, 2);
  check_orthonormal({8, 2, 3, 3}, 0.5);
  check_orthonormal({1, 1}, 1);
  check_orthonormal({200, 200}, 1);  // in panels
  check_orthonormal({70, 150}, 1);
}

TEST_CASE("orthogonal_ is the q of qr, whose r has a positive diagonal, also where it works in panels") {
  RandomStream stream(5, 0), same(5, 0);
  const Tensor x = empty({130, 150}, {.dtype = DType::float64});
  init::orthogonal_(x, stream);
  const Tensor draws = random_normal({130, 150}, same, 0, 1, {.dtype = DType::float64});
  const auto [q, r] = qr(draws.transpose());
  CHECK(largest_difference(x.transpose(), q * sign(diagonal(r))) < 1e-12);
}

TEST_CASE("orthogonal_ is uniform: angles of 2 x 2 matrices, and as many reflections as rotations") {
  RandomStream stream(9, 0);
  constexpr int64_t draws = 4000;
  int64_t rotations = 0, quadrants[4] = {0, 0, 0, 0};
  for (int64_t i = 0; i < draws; ++i) {
    const Tensor x = empty({2, 2}, {.dtype = DType::float64});
    init::orthogonal_(x, stream);
    const std::vector<double> q = x.to_vector<double>();
    rotations += q[0] * q[3] - q[1] * q[2] > 0;
    ++quadrants[(q[0] > 0) * 2 + (q[1] > 0)];
  }
  CHECK(std::fabs(static_cast<double>(rotations) - draws / 2.0) < 5 * std::sqrt(draws / 4.0));
  for (const int64_t count : quadrants) {
    CHECK(std::fabs(static_cast<double>(count) - draws / 4.0) < 5 * std::sqrt(draws * 3 / 16.0));
  }
}

TEST_CASE("initialisers draw the same numbers on every device, and depend on the stream") {
  RandomStream one(3, 0), two(3, 0), other(4, 0);
  const Tensor a = empty({4, 5}), b = empty({4, 5}, {.device = reference}), c = empty({4, 5});
  for (const auto fill : {&init::xavier_normal_, &init::orthogonal_}) {
    fill(a, one, 1);
    fill(b, two, 1);
    fill(c, other, 1);
    CHECK(largest_difference(a, b) == 0);
    CHECK(largest_difference(a, c) > 0.01);
  }
}

TEST_CASE("initialisers refuse what has no fans, or is no float") {
  RandomStream stream(1, 0);
  CHECK(contains(error_of([&] { init::xavier_uniform_(zeros({3}), stream); }), "fans_of: weight is [3] float32"));
  CHECK(contains(error_of([&] { init::orthogonal_(zeros({3}), stream); }), "orthogonal_: x is [3] float32"));
  CHECK(contains(error_of([] { init::zeros_(Tensor()); }), "constant_: the tensor is undefined"));
  CHECK(contains(error_of([&] { init::normal_(zeros({3}, {.dtype = DType::int64}), stream); }),
                 "normal_: needs a floating dtype: x is [3] int64"));
}
