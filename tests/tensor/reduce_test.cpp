// tests/tensor/reduce_test.cpp: shapes, dtypes and empties of the reductions, and softmax
#include "tensor/reduce.h"

#include <cmath>
#include <limits>

#include "tensor/create.h"
#include "tensor/softmax.h"
#include "tests/tensor/throws.h"

using namespace weft;

TEST_CASE("sum over one, some and all axes") {
  const Tensor x = arange(0, 24, 1, {.dtype = DType::float32}).reshape({2, 3, 4});
  CHECK(sum(x).item() == 276);
  CHECK(sum(x).rank() == 0);
  CHECK(sum(x, {}, Keep::dim).shape() == Shape{1, 1, 1});
  CHECK(sum(x, {0, -1}).to_vector<float>() == std::vector<float>{60, 92, 124});
  CHECK(sum(x.transpose(0, 2), {2}).at({3, 2}) == 11 + 23);
  CHECK(sum(scalar(3)).item() == 3);
  CHECK_FAILS(sum(x, {3}), "sum: axis 3 is out of range: x is ");
  CHECK_FAILS(sum(x, {0, 0}), "named twice");
}

TEST_CASE("sums of bool and integers count in int64") {
  CHECK(sum(tensor<bool>({true, true, false})).item<int64_t>() == 2);
  CHECK(sum(tensor<bool>({true, true})).dtype() == DType::int64);
  CHECK(sum(full({100}, 200, {.dtype = DType::uint8})).item<int64_t>() == 20000);
  CHECK(prod(full({3}, 2'000'000, {.dtype = DType::int32})).item<int64_t>() == 8'000'000'000'000'000'000);
}

TEST_CASE("nothing to reduce") {
  const Tensor x = zeros({2, 0});
  CHECK(sum(x, {1}).to_vector<float>() == std::vector<float>{0, 0});
  CHECK(prod(x, {1}).to_vector<float>() == std::vector<float>{1, 1});
  CHECK(sum(x, {0}).shape() == Shape{0});
  CHECK(std::isnan(mean(x).item()));
  CHECK_FAILS(max(x, {1}), "max: there is nothing to reduce: x is [2, 0] float32 cpu");
  CHECK(max(x, {0}).shape() == Shape{0});
  CHECK_FAILS(argmax(x, 1), "argmax: axis 1 is empty");
  CHECK(argmin(x, 0).shape() == Shape{0});
}

TEST_CASE("mean, max, min, argmax, argmin") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const Tensor x = tensor<float>({1, 5, 5, -2, nan, 7}, Shape{2, 3});
  CHECK(mean(x.select(0, 0)).item() == doctest::Approx(11.0 / 3));
  CHECK(max(x, {1}).at({0}) == 5);
  CHECK(std::isnan(max(x).item()));
  CHECK(std::isnan(min(x, {1}).at({1})));
  CHECK(argmax(x, 1).to_vector<int64_t>() == std::vector<int64_t>{1, 1});
  CHECK(argmin(x, 0, Keep::dim).shape() == Shape{1, 3});
  CHECK_FAILS(mean(tensor<int64_t>({1, 2})), "mean: needs a floating dtype: x is [2] int64 cpu; hint: x.to");
}

TEST_CASE("sum_to_size undoes broadcasting") {
  const Tensor x = ones({4, 2, 3});
  CHECK(sum_to_size(x, {2, 1}).to_vector<float>() == std::vector<float>{12, 12});
  CHECK(sum_to_size(x, {}).item() == 24);
  CHECK(sum_to_size(x, {4, 2, 3}).shares_storage_with(x));
  CHECK_FAILS(sum_to_size(x, {3, 2}), "cannot broadcast");
  CHECK_FAILS(sum_to_size(ones({3}), {4, 3}), "no broadcast of [4, 3]");
}

TEST_CASE("softmax does not overflow, and sums to 1") {
  const Tensor x = tensor<float>({1000, 1001, 1002, -1000, 0, 3}, Shape{2, 3});
  const Tensor y = softmax(x);
  CHECK(sum(y, {1}).at({0}) == doctest::Approx(1));
  CHECK(y.at({0, 2}) == doctest::Approx(std::exp(2.0) / (1 + std::exp(1.0) + std::exp(2.0))));
  CHECK(log_softmax(x).at({0, 0}) == doctest::Approx(-2 - std::log1p(std::exp(-1.0) + std::exp(-2.0))));
  CHECK(log_softmax(x).at({1, 0}) == doctest::Approx(-1003 - std::log1p(std::exp(-3.0))));
  const float inf = std::numeric_limits<float>::infinity();
  CHECK(std::isnan(softmax(tensor<float>({-inf, -inf})).at({0})));
  CHECK(softmax(zeros({3, 0})).shape() == Shape{3, 0});
  CHECK_FAILS(softmax(zeros({7, 33}), 2), "softmax: axis 2 is out of range: x is [7, 33] float32 cpu; hint: use -2..1");
  CHECK_FAILS(softmax(scalar(1), 1), "softmax: axis 1 is out of range: x is [] float32 cpu, which has no axes");
  CHECK_FAILS(log_softmax(tensor<int64_t>({1})), "log_softmax: needs a floating dtype");
}
