// tests/tensor/join_test.cpp: cat, stack, pad, gather, scatter_add, index_select
#include "tensor/join.h"

#include "tensor/create.h"
#include "tensor/indexing.h"
#include "tensor/pad.h"
#include "tests/tensor/throws.h"

using namespace weft;

TEST_CASE("cat and stack") {
  const Tensor a = tensor<int64_t>({1, 2, 3, 4}, Shape{2, 2});
  const Tensor b = tensor<int64_t>({5, 6}, Shape{2, 1});
  CHECK(cat({a, b}, 1).to_vector<int64_t>() == std::vector<int64_t>{1, 2, 5, 3, 4, 6});
  CHECK(cat({a, a.transpose()}, 0).to_vector<int64_t>() == std::vector<int64_t>{1, 2, 3, 4, 1, 3, 2, 4});
  CHECK(cat({a, a.slice(0, 0, 0)}).shape() == Shape{2, 2});
  CHECK(stack({a, a}, -1).to_vector<int64_t>() == std::vector<int64_t>{1, 1, 2, 2, 3, 3, 4, 4});
  CHECK(stack({scalar(1), scalar(2)}).to_vector<float>() == std::vector<float>{1, 2});
  CHECK_FAILS(cat({a, b}, 0), "cat: sizes differ off axis 0: [2, 2] int64 cpu and [2, 1] int64 cpu");
  CHECK(cat({a, full({2, 1}, 0.5)}, 1).to_vector<float>() == std::vector<float>{1, 2, 0.5, 3, 4, 0.5});
  CHECK(stack({scalar(true), scalar(3)}).to_vector<float>() == std::vector<float>{1, 3});
  CHECK(stack({a.to(DType::int32), a}).dtype() == DType::int64);
  CHECK_FAILS(cat(std::span<const Tensor>()), "nothing to join");
  CHECK_FAILS(cat({scalar(1)}), "hint: use stack");
  CHECK_FAILS(stack({a, b}), "stack: shapes differ");
}

TEST_CASE("pad grows the last axes") {
  const Tensor x = tensor<int64_t>({1, 2}, Shape{2, 1});
  CHECK(pad(x, {{1, 0}}, 9).to_vector<int64_t>() == std::vector<int64_t>{9, 1, 9, 2});
  CHECK(pad(x, {{0, 1}, {0, 0}}).shape() == Shape{3, 1});
  CHECK(pad(zeros({0}), {{1, 1}}, 3).to_vector<float>() == std::vector<float>{3, 3});
  CHECK_FAILS(pad(x, {{0, 0}, {0, 0}, {0, 0}}), "3 paddings for 2 axes");
  CHECK_FAILS(pad(x, {{-1, 0}}), "is negative");
}

TEST_CASE("gather and scatter_add are adjoint") {
  const Tensor x = tensor<float>({1, 2, 3, 4, 5, 6}, Shape{2, 3});
  const Tensor index = tensor<int64_t>({2, 0, 0, 1}, Shape{2, 2});
  CHECK(gather(x, 1, index).to_vector<float>() == std::vector<float>{3, 1, 4, 5});
  CHECK(gather(x, 0, tensor<int64_t>({1, 0}, Shape{1, 2})).to_vector<float>() == std::vector<float>{4, 2});
  const Tensor added = scatter_add(zeros({2, 3}), 1, tensor<int64_t>({0, 0, 2, 2}, Shape{2, 2}),
                                   tensor<float>({1, 2, 3, 4}, Shape{2, 2}));
  CHECK(added.to_vector<float>() == std::vector<float>{3, 0, 0, 0, 0, 7});
}

TEST_CASE("indices are checked") {
  const Tensor x = zeros({2, 3});
  CHECK_FAILS(gather(x, 1, tensor<int64_t>({3}, Shape{1, 1})), "out of range");
  CHECK_FAILS(gather(x, 1, tensor<int64_t>({-1}, Shape{1, 1})), "out of range");
  CHECK_FAILS(gather(x, 1, tensor<int32_t>({0}, Shape{1, 1})), "the index must be int64");
  CHECK_FAILS(gather(x, 1, tensor<int64_t>({0})), "ranks must agree");
  CHECK_FAILS(gather(x, 1, zeros({3, 1}, {.dtype = DType::int64})), "off axis 1 must not be larger");
  CHECK_FAILS(gather(zeros({0}), 0, tensor<int64_t>({0})), "axis 0 is empty");
  CHECK_FAILS(scatter_add(x, 0, tensor<int64_t>({2}, Shape{1, 1}), ones({1, 1})), "out of range");
  CHECK_FAILS(scatter_add(x, 0, tensor<int64_t>({1}, Shape{1, 1}), ones({1, 2})), "must have the shape [1, 1]");
  CHECK(x.version() == 0);
}

TEST_CASE("index_select takes whole slices") {
  const Tensor x = tensor<float>({1, 2, 3, 4, 5, 6}, Shape{2, 3});
  CHECK(index_select(x, 1, tensor<int64_t>({2, 2, 0})).to_vector<float>() == std::vector<float>{3, 3, 1, 6, 6, 4});
  CHECK(index_select(x, 0, zeros({0}, {.dtype = DType::int64})).shape() == Shape{0, 3});
  CHECK_FAILS(index_select(x, 0, tensor<int64_t>({2})), "out of range");
  CHECK_FAILS(index_select(x, 0, tensor<int64_t>({0}, Shape{1, 1})), "the index needs 1 axes");
}
