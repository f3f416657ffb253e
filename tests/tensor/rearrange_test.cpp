// tests/tensor/rearrange_test.cpp: views stay views, and sizes beyond 2^31 are right or refused before memory is asked
// for
#include "tensor/rearrange.h"

#include "tensor/backend.h"
#include "tensor/create.h"
#include "tensor/index_put.h"
#include "tensor/indexing.h"
#include "tensor/join.h"
#include "tensor/masked.h"
#include "tensor/meshgrid.h"
#include "tensor/pad.h"
#include "tensor/split.h"
#include "tensor/triangle.h"
#include "tests/tensor/counting.h"
#include "tests/tensor/throws.h"

using namespace weft;

namespace {

constexpr int64_t kHuge = int64_t{1} << 40;

int64_t bytes_in_use() { return memory_stats(default_device()).in_use; }

}  // namespace

TEST_CASE("slice without an end goes to the end") {
  const Tensor x = counting({2, 5});
  CHECK(values(x.slice(1, 3)) == std::vector<int64_t>{3, 4, 8, 9});
  CHECK(values(x.slice(1, -1)) == std::vector<int64_t>{4, 9});
  CHECK(values(x.slice(1, 0, kEnd, 2)) == std::vector<int64_t>{0, 2, 4, 5, 7, 9});
  CHECK(x.slice(0, 2).shape() == Shape{0, 5});
  CHECK_FAILS(x.slice(0, 3), "position 3 is out of range");
}

TEST_CASE("writing through a view changes the tensor and bumps its version") {
  const auto writes = [](auto view_of, std::vector<int64_t> expected) {
    const Tensor x = zeros({2, 3}, {DType::int64});
    const Tensor view = view_of(x);
    CHECK(view.shares_storage_with(x));
    view.fill_(1);
    CHECK(x.version() == 1);
    CHECK(values(x) == expected);
  };
  writes([](const Tensor& x) { return narrow(x, 1, 1, 2); }, {0, 1, 1, 0, 1, 1});
  writes([](const Tensor& x) { return split(x, 2, 1)[1]; }, {0, 0, 1, 0, 0, 1});
  writes([](const Tensor& x) { return split(x, {1, 2}, 1)[0]; }, {1, 0, 0, 1, 0, 0});
  writes([](const Tensor& x) { return chunk(x, 2)[1]; }, {0, 0, 0, 1, 1, 1});
  writes([](const Tensor& x) { return unbind(x, 1)[1]; }, {0, 1, 0, 0, 1, 0});
  writes([](const Tensor& x) { return movedim(x, 0, 1).select(0, 2); }, {0, 0, 1, 0, 0, 1});
  writes([](const Tensor& x) { return diagonal(x, 1); }, {0, 1, 0, 0, 0, 1});
  writes([](const Tensor& x) { return diag(x, -1); }, {0, 0, 0, 1, 0, 0});
}

TEST_CASE("functions that copy never hand out the same memory") {
  const Tensor x = counting({2, 3});
  CHECK_FALSE(flip(x, {}).shares_storage_with(x));
  CHECK_FALSE(roll(x, {3}, {1}).shares_storage_with(x));
  CHECK_FALSE(repeat(x, {1, 1}).shares_storage_with(x));
  CHECK_FALSE(tile(x, {1}).shares_storage_with(x));
  CHECK_FALSE(repeat_interleave(x, 1, 0).shares_storage_with(x));
  CHECK_FALSE(pad(x, {{0, 0}}, PadMode::reflect).shares_storage_with(x));
}

TEST_CASE("parts of an axis") {
  const auto sizes = [](const std::vector<Tensor>& parts) {
    std::vector<int64_t> result;
    for (const Tensor& part : parts) result.push_back(part.size(0));
    return result;
  };
  CHECK(sizes(split(counting({5}), 2)) == std::vector<int64_t>{2, 2, 1});
  CHECK(sizes(split(counting({5}), INT64_MAX)) == std::vector<int64_t>{5});
  CHECK(sizes(split(zeros({0}), 0)) == std::vector<int64_t>{0});
  CHECK(sizes(chunk(counting({6}), 4)) == std::vector<int64_t>{2, 2, 2});
  CHECK(sizes(chunk(counting({9}), 4)) == std::vector<int64_t>{3, 3, 3});
  CHECK(sizes(chunk(zeros({0}), 3)) == std::vector<int64_t>{0, 0, 0});
  CHECK(unbind(zeros({0, 2})).empty());
}

TEST_CASE("views of more than 2^31 elements, without memory") {
  const int64_t before = bytes_in_use();
  const Tensor row = scalar(1.0f).expand({kHuge});
  CHECK(narrow(row, 0, kHuge - 2, 2).shape() == Shape{2});
  CHECK(row.slice(0, 3).size(0) == kHuge - 3);
  CHECK(split(row, kHuge / 2 + 1)[1].size(0) == kHuge / 2 - 1);
  CHECK(chunk(row, 3)[2].size(0) == kHuge - 2 * (kHuge / 3 + 1));
  const Tensor plane = scalar(1.0f).expand({kHuge, 3});
  CHECK(movedim(plane, 0, 1).shape() == Shape{3, kHuge});
  CHECK(diagonal(plane, 1 - kHuge).shape() == Shape{1});
  CHECK(diagonal(scalar(1.0f).expand({kHuge, 5})).shape() == Shape{5});
  CHECK(broadcast_tensors({row, scalar(2.0f)})[1].shape() == Shape{kHuge});
  CHECK(meshgrid({row, scalar(2.0f).expand({7})})[1].shape() == Shape{kHuge, 7});
  CHECK(bytes_in_use() - before < 4096);
}

TEST_CASE("what no memory could hold is refused in words") {
  const int64_t before = bytes_in_use();
  const Tensor row = scalar(1.0f).expand({kHuge << 20});  // 2^60 elements, 2^62 bytes
  CHECK_FAILS(cat({row, row}), "cat: [2305843009213693952] float32 takes more than 2^63 - 1 bytes");
  const Tensor longest = scalar(true).expand({INT64_MAX});
  CHECK_FAILS(cat({longest, longest}), "cat: axis 0 gets more than 2^63 - 1 elements");
  CHECK_FAILS(stack({row, row}), "2^63 - 1 bytes");
  CHECK_FAILS(repeat(row, {2}), "repeat: [2305843009213693952] float32 takes more than 2^63 - 1 bytes");
  CHECK_FAILS(repeat(row, {16}), "repeat: an axis of size 1152921504606846976 cannot be repeated 16 times");
  CHECK_FAILS(tile(row, {2, 1}), "repeat: [2, 1152921504606846976] float32 takes more than 2^63 - 1 bytes");
  CHECK_FAILS(repeat_interleave(row, 2), "repeat_interleave: [2305843009213693952] float32 takes more");
  CHECK_FAILS(repeat_interleave(tensor<int64_t>({INT64_MAX, 1})), "repeat_interleave: more than 2^63 - 1 elements");
  CHECK_FAILS(pad(row, {{INT64_MAX, 0}}), "pad: axis 0 gets more than 2^63 - 1 elements");
  CHECK_FAILS(pad(row, {{INT64_MAX / 2, 0}}), "takes more than 2^63 - 1 bytes");
  CHECK_FAILS(pad(row, {{INT64_MAX / 2, 0}}, PadMode::replicate), "takes more than 2^63 - 1 bytes");
  CHECK_FAILS(diag_embed(row), "diag_embed: [1152921504606846976, 1152921504606846976] float32 takes more");
  CHECK_FAILS(index_select(row.expand({2, kHuge << 20}), 0, zeros({3}, {DType::int64})), "index_select: [3, ");
  CHECK_FAILS(linspace(0, 1, INT64_MAX), "2^63 - 1 bytes");
  CHECK(bytes_in_use() - before < 4096);
}

TEST_CASE("zero times something huge is empty") {
  const Tensor row = scalar(1.0f).expand({kHuge << 20});
  CHECK(repeat(row, {0}).shape() == Shape{0});
  CHECK(repeat(row, {0, 1}).shape() == Shape{0, kHuge << 20});
  CHECK(repeat_interleave(row, 0).shape() == Shape{0});
}

TEST_CASE("repeat knows up to 8 axes") {
  const Tensor x = counting({2, 1, 2, 1, 2, 1, 1, 1});
  const Tensor y = repeat(x, Dims::filled(8, 2));
  CHECK(y.shape() == Shape{4, 2, 4, 2, 4, 2, 2, 2});
  CHECK(y.at<int64_t>({3, 1, 2, 0, 3, 1, 0, 1}) == x.at<int64_t>({1, 0, 0, 0, 1, 0, 0, 0}));
  CHECK_FAILS(repeat(x, Dims::filled(9, 1)), "9 axes");
}

TEST_CASE("linspace ends where it should") {
  CHECK(linspace(1, 2, 1).to_vector<float>() == std::vector<float>{1});
  CHECK(linspace(1, 2, 0).shape() == Shape{0});
  CHECK(linspace(-1, 1, 5, {DType::float64}).to_vector<double>() == std::vector<double>{-1, -0.5, 0, 0.5, 1});
  CHECK(linspace(3, 0, 4).to_vector<float>() == std::vector<float>{3, 2, 1, 0});
  const auto tenths = linspace(0, 0.1, 11, {DType::float64}).to_vector<double>();
  CHECK(tenths.back() == 0.1);
  CHECK_FAILS(linspace(0, 1, -1), "linspace: -1 steps");
  CHECK_FAILS(linspace(0, 1, 3, {DType::int64}), "linspace: int64 cannot hold");
}

TEST_CASE("the last of repeated assignments stays, whatever the number of threads") {
  const Tensor x = zeros({4}, {DType::int64});
  CHECK(values(scatter(x, 0, tensor<int64_t>({1, 3, 1, 1}), tensor<int64_t>({5, 6, 7, 8}))) ==
        std::vector<int64_t>{0, 8, 0, 6});
  CHECK(values(index_copy(x, 0, tensor<int64_t>({2, 2}), tensor<int64_t>({1, 9}))) == std::vector<int64_t>{0, 0, 9, 0});
  CHECK(values(index_put(x, {tensor<int64_t>({-1, 3, -4})}, tensor<int64_t>({1, 2, 3}))) ==
        std::vector<int64_t>{3, 0, 0, 2});
  CHECK(values(x) == std::vector<int64_t>{0, 0, 0, 0});
}

TEST_CASE("index_put by a mask") {
  const Tensor x = counting({2, 3});
  const Tensor odd = tensor<bool>({false, true, false, true, false, true}, Shape{2, 3});
  CHECK(values(index_put(x, {odd}, tensor<int64_t>({-1}))) == std::vector<int64_t>{0, -1, 2, -1, 4, -1});
  CHECK(values(index_put(x, {tensor<bool>({false, true})}, tensor<int64_t>({7}), Accumulate::yes)) ==
        std::vector<int64_t>{0, 1, 2, 10, 11, 12});
}

TEST_CASE("a NaN is not zero, a negative zero is") {
  CHECK(values(nonzero(tensor<float>({0, NAN, -0.0f, 2}))) == std::vector<int64_t>{1, 3});
  CHECK(nonzero(scalar(1)).shape() == Shape{1, 0});
  CHECK(nonzero(scalar(0)).shape() == Shape{0, 0});
}

TEST_CASE("repeats of a tensor that no reshape can view are a tensor of their own") {
  for (const Tensor& x : {arange(0, 6).reshape({1, 2, 3}).transpose(1, 2), arange(0, 6).reshape({1, 2, 3}),
                          arange(0, 3).reshape({1, 1, 3}).expand({1, 2, 3})})
    for (const Tensor& y : {repeat_interleave(x, 4, 0), repeat(x, {4, 1, 1}), tile(x, {4, 1, 1}), flip(x, {}),
                            roll(x, {0}, {0}), repeat_interleave(x, 1, 1)}) {
      CHECK_FALSE(y.shares_storage_with(x));
      CHECK(y.is_contiguous());
      const double before = y.at({y.size(0) - 1, 0, 0});
      y.select(0, 0).add_(1);
      CHECK(y.at({y.size(0) - 1, 0, 0}) == before + (y.size(0) == 1 ? 1 : 0));
    }
}
