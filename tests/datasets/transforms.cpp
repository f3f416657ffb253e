// tests/datasets/transforms.cpp: crops come from where the stream says
#include "datasets/transforms.h"

#include <doctest/doctest.h>

#include <set>

#include "tensor/create.h"
#include "tests/datasets/files.h"

namespace weft::test {
namespace {

using datasets::pad_and_random_crop;

/// 1, 2, 3, ...: no two pixels alike, none of them 0.
Tensor one_to_numel(const Shape& shape, DType dtype = DType::float32) {
  return arange(1, numel_of(shape) + 1, 1, {.dtype = dtype, .device = cpu}).reshape(shape);
}

}  // namespace

TEST_CASE("pad_and_random_crop shifts each image by the offsets it draws") {
  const Tensor x = one_to_numel({6, 2, 4, 5});
  for (const int64_t padding : {0, 1, 2, 7}) {
    CAPTURE(padding);
    RandomStream augment(11, 2), same(11, 2);
    const Tensor y = pad_and_random_crop(x, padding, augment);
    REQUIRE(y.shape() == x.shape());
    for (int64_t n = 0; n < 6; ++n) {
      const int64_t down = same.below(2 * padding + 1) - padding, right = same.below(2 * padding + 1) - padding;
      for (int64_t c = 0; c < 2; ++c)
        for (int64_t i = 0; i < 4; ++i)
          for (int64_t j = 0; j < 5; ++j) {
            const int64_t from_i = i + down, from_j = j + right;
            const bool inside = from_i >= 0 && from_i < 4 && from_j >= 0 && from_j < 5;
            CHECK(y.at({n, c, i, j}) == (inside ? x.at({n, c, from_i, from_j}) : 0));
          }
    }
    CHECK(augment.position() == same.position());
  }
}

TEST_CASE("pad_and_random_crop: every offset comes, images move on their own") {
  RandomStream augment(5, 2);
  const Tensor y = pad_and_random_crop(ones({400, 1, 3, 3}, {.device = cpu}), 1, augment);
  std::set<std::vector<float>> seen;
  for (int64_t n = 0; n < 400; ++n) seen.insert(y.select(0, n).to_vector<float>());
  CHECK(seen.size() == 9);
}

TEST_CASE("pad_and_random_crop: any dtype, any strides, any host device; the input stays") {
  RandomStream a(3, 2), b(3, 2), c(3, 2);
  const Tensor x = one_to_numel({3, 1, 4, 4}), before = x.clone();
  const std::vector<double> expected = pad_and_random_crop(x, 2, a).to_vector<double>();
  const Tensor bytes = pad_and_random_crop(x.to(DType::uint8), 2, b);
  CHECK(bytes.dtype() == DType::uint8);
  CHECK(bytes.to_vector<double>() == expected);
  const Tensor transposed = x.transpose().contiguous().transpose().to(reference);
  const Tensor y = pad_and_random_crop(transposed, 2, c);
  CHECK(y.device() == reference);
  CHECK(y.to_vector<double>() == expected);
  CHECK(x.to_vector<double>() == before.to_vector<double>());
}

TEST_CASE("pad_and_random_crop: no images, no padding, errors") {
  RandomStream augment(1, 2);
  CHECK(pad_and_random_crop(zeros({0, 1, 4, 4}, {.device = cpu}), 2, augment).shape() == Shape{0, 1, 4, 4});
  const Tensor x = one_to_numel({2, 1, 3, 3});
  CHECK(pad_and_random_crop(x, 0, augment).to_vector<float>() == x.to_vector<float>());
  const auto message = [&](const Tensor& images, int64_t padding) {
    return thrown<Error>([&] { pad_and_random_crop(images, padding, augment); });
  };
  CHECK(message(one_to_numel({3, 3}), 1).find("images must be [n, c, h, w], got [3, 3] float32 cpu") !=
        std::string::npos);
  CHECK(message(x, -1).find("pad_and_random_crop: padding -1 is not 0 to") != std::string::npos);
  CHECK(message(x, int64_t{1} << 62).find("padding 4611686018427387904") != std::string::npos);
}

}  // namespace weft::test
