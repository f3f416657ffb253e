// tests/backends/conv_border_test.cpp: padding is skipped, not multiplied; and images of any padding fit
#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "tensor/backend.h"
#include "tensor/conv.h"
#include "tensor/create.h"
#include "tensor/pool.h"
#include "tensor/random.h"
#include "tests/backends/against_reference.h"

using namespace weft;
using namespace weft::test;

namespace {

constexpr double kInf = INFINITY;

/// Equal to rounding; infinities and NaN at the same places.
void check_same(const Tensor& fast, const Tensor& slow) {
  REQUIRE(fast.shape() == slow.shape());
  const std::vector<double> a = fast.to_vector<double>(), b = slow.to_vector<double>();
  for (size_t i = 0; i < a.size(); ++i) {
    CAPTURE(i);
    CAPTURE(a[i]);
    CAPTURE(b[i]);
    CHECK((a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i])) || std::fabs(a[i] - b[i]) < 1e-4));
  }
}

const Window2d kWindows[] = {
    {{1, 1}, {1, 1}}, {{2, 2}, {1, 1}}, {{2, 1}, {0, 2}}, {{1, 3}, {0, 0}}, {{1, 1}, {1, 2}, {2, 1}}};

}  // namespace

TEST_CASE("conv2d: an infinite weight over padding adds nothing") {
  for (const Device device : {reference, cpu}) {
    const TensorOptions options{.device = device};
    const Tensor x = ones({1, 1, 3, 3}, options), weight = ones({1, 1, 3, 3}, options);
    weight.set({0, 0, 0, 0}, kInf);
    const Tensor y = conv2d(x, weight, {.padding = {1, 1}});
    CHECK(y.to_vector<double>() == std::vector<double>{4, 6, 4, 6, kInf, kInf, 4, kInf, kInf});
  }
}

TEST_CASE("convolutions with non-finite operands equal the reference") {
  for (const DType dtype : {DType::float32, DType::float64}) {
    for (const Window2d& window : kWindows) {
      for (const double value : {kInf, -kInf, std::nan("")}) {
        const Tensor x = normal({2, 2, 6, 5}, dtype), weight = normal({3, 2, 3, 3}, dtype).clone();
        weight.set({1, 0, 0, 2}, value);
        const Tensor y = conv2d(x, weight, window), dy = normal(y.shape(), dtype).clone();
        check_same(y, conv2d(plain(x), plain(weight), window));
        check_same(conv2d_input_gradient(dy, weight, {6, 5}, window),
                   conv2d_input_gradient(plain(dy), plain(weight), {6, 5}, window));
        dy.set({1, 2, 0, 0}, value);
        check_same(conv2d_weight_gradient(x, dy, {3, 3}, window),
                   conv2d_weight_gradient(plain(x), plain(dy), {3, 3}, window));
        const Tensor turned = weight.permute({0, 1, 3, 2});  // and found at any stride
        check_same(conv2d(x, turned, window), conv2d(plain(x), plain(turned), window));
      }
    }
  }
}

TEST_CASE("convolutions with padding and stride far beyond the image equal the reference") {
  const int64_t far = int64_t{1} << 29;
  const Tensor x = normal({2, 3, 4, 4}, DType::float32), weight = normal({2, 3, 1, 1}, DType::float32);
  for (const Window2d& window : {Window2d{{far, far}, {far, far}}, Window2d{{far - 1, far}, {far, far + 1}}}) {
    const Tensor y = conv2d(x, weight, window), dy = normal(y.shape(), DType::float32);
    check_same(y, conv2d(plain(x), plain(weight), window));
    check_same(conv2d_input_gradient(dy, weight, {4, 4}, window),
               conv2d_input_gradient(plain(dy), plain(weight), {4, 4}, window));
    check_same(conv2d_weight_gradient(x, dy, {1, 1}, window),
               conv2d_weight_gradient(plain(x), plain(dy), {1, 1}, window));
  }
}

TEST_CASE("a padded image of more than 2^62 elements is refused on every backend") {
  const int64_t large = int64_t{1} << 32;
  const Window2d window{{large - 1, large - 1}, {large / 2, large / 2}};
  const Window2d overflowing{{1, 1}, {INT64_MAX, 0}};
  for (const Device device : available_devices()) {
    const Tensor x = ones({1, 1, 4, 4}, {.device = device}), weight = ones({1, 1, 1, 1}, {.device = device});
    const Tensor dy = ones({1, 1, 2, 2}, {.device = device});
    const auto refused = doctest::Contains("has more than 2^62 elements");
    CHECK_THROWS_WITH_AS(conv2d(x, weight, window), refused, Error);
    CHECK_THROWS_WITH_AS(conv2d(x, weight, overflowing), refused, Error);
    CHECK_THROWS_WITH_AS(conv2d_input_gradient(dy, weight, {4, 4}, window), refused, Error);
    CHECK_THROWS_WITH_AS(conv2d_weight_gradient(x, dy, {1, 1}, window), refused, Error);
    CHECK_THROWS_WITH_AS(max_pool2d(x, large, large, window), refused, Error);
    CHECK_THROWS_WITH_AS(conv2d_input_gradient(dy, weight, {-1, 4}, window), doctest::Contains("negative"), Error);
  }
}
