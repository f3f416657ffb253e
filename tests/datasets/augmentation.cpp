// tests/datasets/augmentation.cpp: flips, shifts, rotation, erasing, mixing, and how they are put together
#include <doctest/doctest.h>

#include <cmath>
#include <set>

#include "datasets/mixup.h"
#include "datasets/rotation.h"
#include "datasets/transforms.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"
#include "tensor/reduce.h"
#include "tensor/safetensors.h"
#include "tests/datasets/files.h"
#include "tests/datasets/holds.h"
#include "tests/fixtures/folder.h"

namespace weft::test {
namespace {

using namespace datasets;

Tensor counted(const Shape& shape, DType dtype = DType::float32) {
  const Tensor numbers = arange(1, numel_of(shape) + 1, 1, {.dtype = DType::int64, .device = cpu}).reshape(shape);
  return (numbers - 250 * (numbers / 250).to(DType::int64)).to(dtype);  // below 250: uint8 has room
}

RandomStream stream(uint64_t seed = 1) { return {seed, 2}; }

double largest(const Tensor& x) { return max(abs(x)).item(); }

}  // namespace

TEST_CASE("random_horizontal_flip mirrors an image as a whole, or leaves it") {
  for (const DType dtype : {DType::float32, DType::uint8, DType::float64}) {
    RandomStream augment = stream(), same = stream();
    const Tensor x = counted({40, 2, 2, 3}, dtype), y = random_horizontal_flip(x, augment);
    int64_t flipped = 0;
    for (int64_t n = 0; n < 40; ++n) {
      const bool flips = same.uniform() < 0.5;
      flipped += flips;
      for (int64_t c = 0; c < 2; ++c)
        for (int64_t i = 0; i < 2; ++i)
          for (int64_t j = 0; j < 3; ++j) CHECK(y.at({n, c, i, j}) == x.at({n, c, i, flips ? 2 - j : j}));
    }
    CHECK(flipped > 10);
    CHECK(flipped < 30);
    CHECK(augment.position() == 40);
  }
  RandomStream augment = stream();
  const Tensor x = counted({5, 1, 2, 2});
  CHECK(random_horizontal_flip(x, augment, 0).to_vector<float>() == x.to_vector<float>());
  CHECK(random_horizontal_flip(x, augment, 1).at({4, 0, 0, 0}) == x.at({4, 0, 0, 1}));
  CHECK(random_horizontal_flip(x.to(reference), augment).device() == reference);
  holds(message([&] { random_horizontal_flip(x, augment, 1.5); }), "random_horizontal_flip: p 1.5 is not 0 to 1");
  holds(message([&] { random_horizontal_flip(x, augment, NAN); }), "p nan is not 0 to 1");
  holds(message([&] { random_horizontal_flip(zeros({2, 2}), augment); }), "images must be [n, c, h, w], got [2, 2]");
}

TEST_CASE("random_shift moves rows and columns by their own limits") {
  RandomStream augment = stream(), same = stream();
  const Tensor x = counted({30, 1, 3, 4}), y = random_shift(x, 0, 2, augment);
  std::set<int64_t> seen;
  for (int64_t n = 0; n < 30; ++n) {
    CHECK(same.below(1) == 0);
    const int64_t right = same.below(5) - 2;
    seen.insert(right);
    for (int64_t i = 0; i < 3; ++i)
      for (int64_t j = 0; j < 4; ++j) {
        const bool inside = j + right >= 0 && j + right < 4;
        CHECK(y.at({n, 0, i, j}) == (inside ? x.at({n, 0, i, j + right}) : 0));
      }
  }
  CHECK(seen.size() == 5);
  holds(message([&] { random_shift(x, -1, 0, augment); }), "random_shift: rows -1 is not 0 to");
  holds(message([&] { random_shift(x, 0, -2, augment); }), "random_shift: columns -2 is not 0 to");
  holds(message([&] { random_shift(zeros({3}), 0, 0, augment); }), "images must be [n, c, h, w]");
}

TEST_CASE("rotate is affine_grid and grid_sample of PyTorch; quarters are exact") {
  const TensorMap fixture = load_safetensors(weft::test::fixtures() / "images/expected.safetensors", cpu).tensors;
  const Tensor x = fixture.at("rotate/x");
  const std::vector<double> degrees = fixture.at("rotate/degrees").to_vector<double>();
  CHECK(largest(rotate(x, degrees) - fixture.at("rotate/nearest")) == 0);
  CHECK(largest(rotate(x, degrees, InterpolationMode::bilinear) - fixture.at("rotate/bilinear")) < 1e-12);
  const Tensor single = rotate(x.to(DType::float32), degrees, InterpolationMode::bilinear);
  CHECK(largest(single.to(DType::float64) - fixture.at("rotate/bilinear")) < 1e-6);

  const Tensor square = counted({2, 1, 3, 3});
  const Tensor turned = rotate(square, {90, 180});
  CHECK(turned.at({0, 0, 0, 0}) == 3);  // counter-clockwise: the upper right corner comes to the upper left
  CHECK(turned.at({0, 0, 2, 0}) == 1);
  CHECK(turned.at({1, 0, 0, 0}) == 18);
  CHECK(rotate(square, {0, 360}).to_vector<float>() == square.to_vector<float>());
  CHECK(rotate(ones({1, 1, 9, 9}), {45}).at({0, 0, 0, 0}) == 0);
  holds(message([&] { rotate(square, {1}); }), "rotate: 1 angles for [2, 1, 3, 3] float32");
  holds(message([&] { rotate(square, {1, INFINITY}); }), "rotate: angle inf is not finite");
  holds(message([&] { rotate(square.to(DType::uint8), {1, 2}); }), "images must be floats, got [2, 1, 3, 3] uint8");
}

TEST_CASE("random_rotation draws one angle an image") {
  RandomStream augment = stream(), same = stream();
  const Tensor x = counted({4, 1, 5, 5});
  std::vector<double> angles;
  for (int i = 0; i < 4; ++i) angles.push_back(30 * (2 * same.uniform() - 1));
  const Tensor y = random_rotation(x, 30, augment, InterpolationMode::bilinear);
  CHECK(y.to_vector<float>() == rotate(x, angles, InterpolationMode::bilinear).to_vector<float>());
  CHECK(random_rotation(x, 0, augment).to_vector<float>() == x.to_vector<float>());
  holds(message([&] { random_rotation(x, -1, augment); }), "random_rotation: degrees -1 is not 0 or more");
  holds(message([&] { random_rotation(x.to(DType::uint8), 1, augment); }), "random_rotation: images must be floats");
}

TEST_CASE("to_float and normalize") {
  const Tensor bytes = tensor<uint8_t>({0, 51, 255, 102}, Shape{1, 2, 1, 2});
  const Tensor x = to_float(bytes);
  CHECK(x.dtype() == DType::float32);
  CHECK(x.to_vector<float>() == std::vector<float>{0, 0.2F, 1, 0.4F});
  const Tensor y = normalize(x.to(DType::float64), {0.5, 1}, {0.5, 2});
  CHECK(largest(y - tensor<double>({-1, -0.6, 0, -0.3}, Shape{1, 2, 1, 2})) < 1e-7);
  CHECK(normalize(x, {0, 0}, {1, 1}).dtype() == DType::float32);
  holds(message([&] { to_float(x); }), "to_float: images must be uint8, got [1, 2, 1, 2] float32");
  holds(message([&] { normalize(x, {0.5}, {1, 1}); }), "normalize: 1 means and 2 deviations for [1, 2, 1, 2]");
  holds(message([&] { normalize(x, {0, 0}, {1, 0}); }), "normalize: deviation 0 is not positive");
  holds(message([&] { normalize(bytes, {0, 0}, {1, 1}); }), "normalize: images must be floats, got [1, 2, 1, 2] uint8");
}

TEST_CASE("random_erasing overwrites one rectangle within its limits") {
  RandomStream augment = stream();
  const Tensor x = ones({60, 2, 16, 20}), y = random_erasing(x, augment, {.p = 0.75, .value = -3});
  int64_t erased = 0;
  for (int64_t n = 0; n < 60; ++n) {
    int64_t top = 16, bottom = -1, left = 20, right = -1, count = 0;
    for (int64_t i = 0; i < 16; ++i)
      for (int64_t j = 0; j < 20; ++j) {
        CHECK(y.at({n, 0, i, j}) == y.at({n, 1, i, j}));
        if (y.at({n, 0, i, j}) == 1) continue;
        CHECK(y.at({n, 0, i, j}) == -3);
        top = std::min(top, i), bottom = std::max(bottom, i), left = std::min(left, j), right = std::max(right, j);
        ++count;
      }
    if (count == 0) continue;
    ++erased;
    CHECK(count == (bottom - top + 1) * (right - left + 1));  // a full rectangle
    CHECK(count >= 3);
    CHECK(count < 0.45 * 320);  // a third, and rounding
  }
  CHECK(erased > 30);
  CHECK(erased < 58);
  CHECK(augment.position() == 60);
  CHECK(largest(x - 1) == 0);  // the input stays
  CHECK(largest(random_erasing(x, augment, {.p = 0}) - 1) == 0);
  holds(message([&] { random_erasing(x, augment, {.p = -1}); }), "random_erasing: p -1 is not 0 to 1");
  holds(message([&] { random_erasing(x, augment, {.least_area = 0}); }), "area 0 to 0.33 is no range within 0 to 1");
  holds(message([&] { random_erasing(x, augment, {.most_area = 1.5}); }), "area 0.02 to 1.5");
  holds(message([&] { random_erasing(x, augment, {.least_ratio = 4}); }), "ratio 4 to 3.3 is no range");
  holds(message([&] { random_erasing(x.to(DType::uint8), augment); }), "random_erasing: images must be floats");
}

TEST_CASE("mixup: image and label are mixed by the same share") {
  RandomStream augment = stream();
  // Image i is all i, so that a mixture tells its parts; labels are the numbers too.
  const int64_t n = 50;
  const Tensor labels = arange(0, n, 1, {.dtype = DType::int64, .device = cpu});
  const Tensor images = labels.to(DType::float64).reshape({n, 1, 1, 1}).expand({n, 1, 2, 2}).contiguous();
  const MixedBatch mixed = mixup(images, labels, n, 0.4, augment);
  CHECK(mixed.images.shape() == images.shape());
  CHECK(mixed.labels.shape() == Shape{n, n});
  CHECK(mixed.labels.dtype() == DType::float64);
  std::set<double> shares;
  for (int64_t i = 0; i < n; ++i) {
    double sum = 0, mean = 0;
    for (int64_t k = 0; k < n; ++k) {
      const double share = mixed.labels.at({i, k});
      CHECK(share >= 0);
      sum += share;
      mean += share * static_cast<double>(k);
    }
    CHECK(sum == doctest::Approx(1));
    CHECK(mixed.images.at({i, 0, 1, 1}) == doctest::Approx(mean));
    shares.insert(mixed.labels.at({i, i}));
  }
  CHECK(shares.size() > 40);  // each pair has a share of its own
}

TEST_CASE("mixup draws its shares from Beta(alpha, alpha)") {
  const int64_t n = 4000;
  const Tensor labels = zeros({n}, {.dtype = DType::int64, .device = cpu});
  for (const double alpha : {0.2, 1.0, 3.0}) {
    RandomStream augment = stream(static_cast<uint64_t>(10 * alpha));
    // Odd images are 1, even ones 0: where partners differ the mixture is the share, or 1 minus it.
    const Tensor images = arange(0, n, 1, {.dtype = DType::int64, .device = cpu}).to(DType::float64);
    const Tensor odd = images - 2 * floor(images / 2.0);
    const Tensor mixed = mixup(odd, labels, 1, alpha, augment).images;
    double count = 0, mean = 0, square = 0;
    for (const double t : mixed.to_vector<double>()) {
      if (t == 0 || t == 1) continue;
      ++count, mean += t, square += t * t;
    }
    mean /= count;
    CHECK(count > 1500);
    CHECK(std::fabs(mean - 0.5) < 0.04);
    CHECK(std::fabs(square / count - mean * mean - 1 / (4 * (2 * alpha + 1))) < 0.012);  // the variance of Beta
  }
  RandomStream augment = stream();
  CHECK(std::isfinite(largest(mixup(ones({9, 2}), labels.slice(0, 0, 9), 1, 1e-4, augment).images)));
}

TEST_CASE("mixup: errors") {
  RandomStream augment = stream();
  const Tensor x = ones({3, 2}), labels = tensor<int64_t>({0, 1, 2});
  holds(message([&] { mixup(x, labels, 2, 1, augment); }), "one_hot: index 2 is out of range: there are 2 classes");
  holds(message([&] { mixup(x, labels, 3, 0, augment); }), "mixup: alpha 0 is not positive");
  holds(message([&] { mixup(x, labels, 0, 1, augment); }), "mixup: classes 0 is not positive");
  holds(message([&] { mixup(x, labels.slice(0, 0, 2), 3, 1, augment); }), "labels must be int64 [3], got [2] int64");
  holds(message([&] { mixup(x.to(DType::uint8), labels, 3, 1, augment); }), "images must be floats [n, ...]");
}

TEST_CASE("compose: one after another, each with a stream of its own") {
  const Transform twice = compose({[](const Tensor& x) { return x * 2; }, [](const Tensor& x) { return x + 1; }});
  RandomStream random = stream();
  CHECK(twice(ones({1}), random).item() == 3);
  const auto noise = [](int64_t draws) {
    return Transform([draws](const Tensor& x, RandomStream& own) {
      for (int64_t i = 0; i < draws; ++i) own.uniform();
      return x;
    });
  };
  const auto last = [&](int64_t draws) {
    double drawn = 0;
    RandomStream start = stream();
    compose({noise(draws), [&](const Tensor& x, RandomStream& own) {
               drawn = own.uniform();
               return x;
             }})(ones({1}), start);
    return drawn;
  };
  CHECK(last(0) == last(17));
  CHECK_FALSE(Transform());
  CHECK(compose({})(ones({1}), random).item() == 1);
  holds(message([] { compose({Transform()}); }), "compose: one of the 1 transforms is empty");
}

}  // namespace weft::test
