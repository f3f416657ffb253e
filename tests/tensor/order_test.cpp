// tests/tensor/order_test.cpp: scans, sorting and statistics where the op table cannot look: shapes, dtypes and corners
#include <cmath>
#include <limits>

#include "tensor/create.h"
#include "tensor/norm.h"
#include "tensor/scan.h"
#include "tensor/softmax.h"
#include "tensor/sort.h"
#include "tensor/statistics.h"
#include "tests/tensor/throws.h"

using namespace weft;

namespace {

const float kInfinity = std::numeric_limits<float>::infinity(), kNaN = std::numeric_limits<float>::quiet_NaN();
using Ints = std::vector<int64_t>;

}  // namespace

TEST_CASE("scans run both ways and count in int64") {
  const Tensor x = tensor<int32_t>({2'000'000'000, 2'000'000'000, 1});
  CHECK(cumsum(x, 0).to_vector<int64_t>() == Ints{2'000'000'000, 4'000'000'000, 4'000'000'001});
  CHECK(cumsum(x, -1, From::last).to_vector<int64_t>() == Ints{4'000'000'001, 2'000'000'001, 1});
  CHECK(cumprod(tensor<bool>({true, true, false}), 0).to_vector<int64_t>() == Ints{1, 1, 0});
  CHECK(cumsum(zeros({2, 0}, {DType::uint8}), 1).dtype() == DType::int64);
}

TEST_CASE("a long sum of float32 keeps its digits") {
  for (const Device device : {reference, cpu}) {
    const Tensor y = cumsum(full({200'000}, 0.1f, {.device = device}), 0);
    CHECK(y.at({199'999}) == doctest::Approx(200'000 * double(0.1f)).epsilon(1e-7));
    CHECK(y.at({99'999}) == doctest::Approx(100'000 * double(0.1f)).epsilon(1e-7));
  }
}

TEST_CASE("sort is stable, and NaN is the largest") {
  const Tensor x = tensor<float>({kNaN, 1, -kInfinity, 1, kInfinity, kNaN, -0.0f, 0});
  CHECK(argsort(x).to_vector<int64_t>() == Ints{2, 6, 7, 1, 3, 4, 0, 5});
  CHECK(argsort(x, 0, SortOrder::descending).to_vector<int64_t>() == Ints{0, 5, 4, 1, 3, 6, 7, 2});
  CHECK(topk(x, 3).indices.to_vector<int64_t>() == Ints{0, 5, 4});
  CHECK(topk(x, 3, 0, SortOrder::ascending).values.to_vector<float>() == std::vector<float>{-kInfinity, -0.0f, 0});
  CHECK(sort(tensor<bool>({true, false, true})).indices.to_vector<int64_t>() == Ints{1, 0, 2});
}

TEST_CASE("unique counts, and gives the way back") {
  const Unique u = unique(tensor<int64_t>({7, -1, 7, 3, -1, 7}, Shape{2, 3}));
  CHECK(u.values.to_vector<int64_t>() == Ints{-1, 3, 7});
  CHECK(u.inverse.shape() == Shape{2, 3});
  CHECK(u.inverse.to_vector<int64_t>() == Ints{2, 0, 2, 1, 0, 2});
  CHECK(u.counts.to_vector<int64_t>() == Ints{2, 1, 3});
  CHECK(unique(tensor<float>({kNaN, 1, kNaN})).counts.to_vector<int64_t>() == Ints{1, 1, 1});
  CHECK(unique(zeros({0, 2})).inverse.shape() == Shape{0, 2});
}

TEST_CASE("searchsorted on either side, beyond both ends and at NaN") {
  const Tensor sorted = tensor<float>({1, 3, 3, 5, kInfinity});
  const Tensor values = tensor<float>({0, 1, 3, 4, kInfinity, kNaN, -kInfinity});
  CHECK(searchsorted(sorted, values).to_vector<int64_t>() == Ints{0, 0, 1, 3, 4, 5, 0});
  CHECK(searchsorted(sorted, values, Side::right).to_vector<int64_t>() == Ints{0, 1, 3, 3, 5, 5, 0});
  const Tensor with_nan = tensor<float>({1, kNaN, kNaN});
  CHECK(searchsorted(with_nan, tensor<float>({2, kNaN})).to_vector<int64_t>() == Ints{1, 1});
  CHECK(searchsorted(with_nan, tensor<float>({2, kNaN}), Side::right).to_vector<int64_t>() == Ints{1, 3});
  CHECK(searchsorted(sorted, scalar(3.0f)).item<int64_t>() == 1);
  CHECK(searchsorted(zeros({0}), zeros({2})).to_vector<int64_t>() == Ints{0, 0});
}

TEST_CASE("histc counts the upper end, and spreads equal numbers") {
  CHECK(histc(tensor<float>({0, 1, 2, 3, 4, kNaN, -1}), 4, 0, 4).to_vector<float>() == std::vector<float>{1, 1, 1, 2});
  CHECK(histc(full({3}, 5), 3).to_vector<float>() == std::vector<float>{0, 3, 0});
}

TEST_CASE("logsumexp of infinite and empty slices") {
  const Tensor x =
      tensor<float>({-kInfinity, -kInfinity, kInfinity, 0, kInfinity, -kInfinity, kNaN, 0, 1000, 1000}, Shape{5, 2});
  const auto y = logsumexp(x, {1}).to_vector<float>();
  CHECK(y[0] == -kInfinity);
  CHECK(y[1] == kInfinity);
  CHECK(y[2] == kInfinity);
  CHECK(std::isnan(y[3]));
  CHECK(y[4] == doctest::Approx(1000 + std::log(2.0)));
  CHECK(logsumexp(zeros({2, 0}), {1}).to_vector<float>() == std::vector<float>{-kInfinity, -kInfinity});
}

TEST_CASE("variance far from 0, of equal elements, and of too few") {
  for (const Device device : {reference, cpu}) {
    const Tensor x = tensor<float>({1e6f + 1, 1e6f + 2, 1e6f + 3, 1e6f + 4}, {}, device);
    CHECK(var(x).item() == doctest::Approx(5.0 / 3).epsilon(1e-6));
    CHECK(var(x, {}, Keep::no, 0).item() == doctest::Approx(1.25).epsilon(1e-6));
    CHECK(stddev(full({7}, 0.1f, {.device = device})).item() == 0);
    CHECK(std::isnan(var(tensor<float>({1}, {}, device)).item()));
    CHECK(var(tensor<float>({1, 3}, {}, device), {}, Keep::no, 2).item() == kInfinity);
    CHECK(std::isnan(var(zeros({0}, {.device = device})).item()));
  }
}

TEST_CASE("norms of corners") {
  const Tensor x = tensor<float>({3, -4, 0});
  CHECK(norm(x).item() == 5);
  CHECK(norm(x, 0).item() == 2);
  CHECK(norm(x, 1).item() == 7);
  CHECK(norm(x, INFINITY).item() == 4);
  CHECK(norm(x, -INFINITY).item() == 0);
  CHECK(norm(x, -1).item() == 0);
  CHECK(std::isnan(norm(tensor<float>({1, kNaN}), INFINITY).item()));
  CHECK(norm(zeros({2, 0}), 2, {1}, Keep::dim).shape() == Shape{2, 1});
}

TEST_CASE("a long scan is the formula, element after element") {
  for (const Device device : available_devices()) {
    const Tensor factors = full({12289}, 2.0, {.dtype = DType::float64, .device = device});
    factors.set({0}, 0);
    CHECK(sum(not_equal(cumprod(factors, 0), 0)).item<int64_t>() == 0);  // never 0 inf, which is NaN
    CHECK(std::signbit(cumsum(tensor<float>({-0.0f}, {}, device), 0).item<float>()));
    RandomStream stream(5, 4);
    const Tensor rising = cumsum(random_uniform({50'000}, stream, 0, 1, {.device = device}), 0);
    CHECK(all(greater_equal(rising.slice(0, 1), rising.slice(0, 0, -1))).item<bool>());
  }
}
