// tests/tensor/limits_test.cpp: sizes that no memory holds are refused in words; finite elements near the limit of
// their dtype give what the formula gives
#include <cmath>
#include <limits>

#include "tensor/conv.h"
#include "tensor/create.h"
#include "tensor/fold.h"
#include "tensor/indexing.h"
#include "tensor/join.h"
#include "tensor/matmul.h"
#include "tensor/norm.h"
#include "tensor/pad.h"
#include "tensor/products.h"
#include "tensor/random.h"
#include "tensor/random_discrete.h"
#include "tensor/rearrange.h"
#include "tensor/safetensors.h"
#include "tensor/scan.h"
#include "tensor/sort.h"
#include "tensor/statistics.h"
#include "tests/tensor/throws.h"

using namespace weft;

namespace {

constexpr int64_t kHugeSize = int64_t{1} << 40;
constexpr float kFloat = std::numeric_limits<float>::max();
constexpr double kLargestDouble = std::numeric_limits<double>::max();
constexpr double kInf = std::numeric_limits<double>::infinity();

Tensor doubles(std::vector<double> values) { return from_data(values, {std::ssize(values)}); }

}  // namespace

TEST_CASE("numbers of elements that no memory holds") {
  RandomStream stream(7, 0);
  const Tensor x = ones({3});
  CHECK_FAILS(random_permutation(kHugeSize, stream), "8796093022208 bytes");
  CHECK_FAILS(pad(x, {{0, kHugeSize}}, PadMode::replicate), "bytes");
  CHECK_FAILS(repeat_interleave(tensor<int64_t>({kHugeSize})), "8796093022208 bytes");
  CHECK_FAILS(histc(x, kHugeSize), "bytes");
  CHECK_FAILS(kron(zeros({int64_t{1} << 32, 0}), zeros({int64_t{1} << 32, 0})),
              "kron: [4294967296, 4294967296] has more");
}

TEST_CASE("the number of elements along axes stops at the largest int64") {
  CHECK(numel_along({2, 3, 4}, {0, 2}) == 8);
  CHECK(numel_along({2, 3, 4}, {}) == 1);
  CHECK(numel_along({kHugeSize, kHugeSize, 0}, {0, 1}) == INT64_MAX);
  CHECK(numel_along({kHugeSize, kHugeSize, 0}, {0, 1, 2}) == 0);
  const Tensor nothing = zeros({kHugeSize, kHugeSize, 0});
  CHECK(var(nothing, {0, 1}).shape() == Shape{0});
  CHECK(norm(nothing, kInf, {0, 1}).shape() == Shape{0});
  CHECK(max(nothing, {0, 1}).shape() == Shape{0});
  CHECK_FAILS(numel_of({-1}, "thing"), "thing: [-1] has a negative size");
}

TEST_CASE("a step over a single position may be of any size") {
  const Tensor x = ones({1, 1, 2, 3});
  const Tensor y = sliding_windows(
      x, {1, 1}, {.stride = {INT64_MAX, INT64_MAX}, .padding = {0, 0}, .dilation = {INT64_MAX, INT64_MAX}});
  CHECK(y.shape() == Shape{1, 1, 1, 1, 1, 1});
  CHECK(y.item() == 1);
}

TEST_CASE("var and stddev of finite elements near the limit") {
  CHECK(var(tensor<float>({kFloat, -kFloat})).item() == kInf);
  CHECK(var(doubles({kLargestDouble, -kLargestDouble})).item() == kInf);
  CHECK(stddev(tensor<float>({kFloat, -kFloat}), {}, Keep::no, 0).item() == doctest::Approx(kFloat));
  CHECK(stddev(tensor<float>({3e30F, -3e30F}), {}, Keep::no, 0).item() == doctest::Approx(3e30));
  CHECK(var(tensor<float>({kFloat, kFloat})).item() == 0);
  CHECK(var(tensor<float>({1, 2, 4})).item() == doctest::Approx(7.0 / 3));
}

TEST_CASE("histc over every range that can be written down") {
  const auto counts = [](const Tensor& x, int64_t bins, double low, double high) {
    return histc(x, bins, low, high).to(DType::int64).to_vector<int64_t>();
  };
  using Counts = std::vector<int64_t>;
  CHECK(counts(doubles({-kLargestDouble, -1e300, 1e300, kLargestDouble}), 2, -kLargestDouble, kLargestDouble) ==
        Counts{2, 2});
  CHECK(counts(doubles({1e300, 1e300}), 2, 0, 0) == Counts{0, 2});
  CHECK(counts(doubles({kLargestDouble}), 2, 0, 0) == Counts{0, 1});
  CHECK(counts(tensor<float>({-kFloat, kFloat}), 2, -kFloat, kFloat) == Counts{1, 1});
  CHECK(counts(tensor<float>({0, 1}), 3, 0, 1e300) == Counts{2, 0, 0});
  CHECK(sum(histc(tensor<float>({0.5F}), (int64_t{1} << 24) + 1, 0, 1)).item() == 1);
  CHECK_FAILS(histc(ones({2}), 2, 0, kInf), "must be rising, and its ends finite");
}

TEST_CASE("a weight that is tiny beside the largest is still drawn before one that is 0") {
  RandomStream stream(7, 0);
  const Tensor drawn = random_multinomial(doubles({1e300, 1e-300, 0}), 2, stream, Replacement::no);
  CHECK(drawn.to_vector<int64_t>() == std::vector<int64_t>{0, 1});
}

TEST_CASE("running sums and products of a 0-dim tensor") {
  for (const From from : {From::first, From::last}) {
    CHECK(cumsum(scalar(3), 0, from).item() == 3);
    CHECK(cumprod(scalar(3), -1, from).shape().empty());
  }
  CHECK_FAILS(cumsum(scalar(3), 1), "axis 1 is out of range");
}

TEST_CASE("what cannot compute in bfloat16 says so in its own name") {
  const Tensor x = ones({2}).to(DType::bfloat16), at0 = tensor<int64_t>({0, 1});
  CHECK_FAILS(sum(x), "sum: bfloat16 only holds elements: x is [2] bfloat16");
  CHECK_FAILS(max(x), "max: bfloat16 only holds elements");
  CHECK_FAILS(argmax(x), "argmax: bfloat16 only holds elements");
  CHECK_FAILS(any(x), "any: bfloat16 only holds elements");
  CHECK_FAILS(count_nonzero(x), "count_nonzero: bfloat16 only holds elements");
  CHECK_FAILS(cumsum(x, 0), "cumsum: bfloat16 only holds elements");
  CHECK_FAILS(sort(x), "sort: bfloat16 only holds elements");
  CHECK_FAILS(topk(x, 1), "topk: bfloat16 only holds elements");
  CHECK_FAILS(unique(x), "unique: bfloat16 only holds elements");
  CHECK_FAILS(searchsorted(x, x), "searchsorted: bfloat16 only holds elements");
  CHECK_FAILS(scatter_add(x, 0, at0, x), "scatter_add: bfloat16 only holds elements");
  CHECK_FAILS(ungather(x, 0, at0, {2}), "ungather: bfloat16 only holds elements");
}

TEST_CASE("what the other tests of errors do not reach is refused too") {
  CHECK_FAILS(arange(0, 1e300, 1e-10, {.dtype = DType::float64}), "arange: inf steps are too many");
  CHECK_FAILS(arange(INT64_MIN, INT64_MAX), "arange: 18446744073709551615 steps are too many");
  CHECK_FAILS(stack(std::span<const Tensor>()), "stack: there is nothing to join");
  RandomStream stream(7, 0);
  CHECK_FAILS(stream.draw(Distribution::uniform, 0, 1, -1), "RandomStream: cannot draw -1 values");
  CHECK_FAILS(visit_floating(DType::bfloat16, [](auto) {}), "bfloat16: only holds elements");
  CHECK_FAILS(conv2d_input_gradient(ones({1, 2, 3, 3}), ones({4, 1, 1, 1}), {3, 3}, {}),
              "channels differ: dy is [1, 2, 3, 3]");
  CHECK_FAILS(save_safetensors("unwritten", {}, {{"k", std::string(1 << 24, 'v')}}),
              "the metadata takes 16777217 bytes; at most 16777216 are allowed");
  try {
    empty({kHugeSize * 1024}, {.device = reference});
    FAIL("nothing was thrown");
  } catch (const OutOfMemory& error) {
    CHECK(std::string(error.what()).find("allocate: the system has no 4503599627370496 bytes") == 0);
  }
}
