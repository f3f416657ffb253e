// tests/tensor/view_test.cpp: windows on shared storage, and when reshape must copy
#include "tests/tensor/counting.h"
#include "tests/tensor/throws.h"

using namespace weft;

namespace {}  // namespace

TEST_CASE("transpose and permute exchange strides") {
  const Tensor x = counting({2, 3, 4});
  const Tensor t = x.transpose();
  CHECK(t.shape() == Shape{2, 4, 3});
  CHECK(t.strides() == Strides{12, 1, 4});
  CHECK(t.shares_storage_with(x));
  CHECK_FALSE(t.is_contiguous());
  CHECK(x.permute({2, 0, -2}).strides() == Strides{1, 12, 4});
  CHECK(values(counting({2, 3}).transpose()) == std::vector<int64_t>{0, 3, 1, 4, 2, 5});
  CHECK_FAILS(x.permute({0, 1}), "does not name every axis once");
  CHECK_FAILS(x.permute({0, 1, 1}), "named twice");
  CHECK_FAILS(counting({3}).transpose(), "transpose: axis -2 is out of range: x is [3] int64 cpu; hint: use -1..0");
}

TEST_CASE("reshape shares where strides allow") {
  const Tensor x = counting({4, 6});
  CHECK(x.reshape({2, 2, 6}).shares_storage_with(x));
  CHECK(x.reshape({-1}).shape() == Shape{24});
  CHECK(x.reshape({2, -1, 3}).shape() == Shape{2, 4, 3});
  // A split of either axis of a transposed tensor is a view, a merge is not.
  const Tensor t = x.transpose();
  const Tensor split = t.reshape({2, 3, 4});
  CHECK(split.shares_storage_with(x));
  CHECK(split.strides() == Strides{3, 1, 6});
  CHECK(values(split) == values(t));
  const Tensor merged = t.reshape({24});
  CHECK_FALSE(merged.shares_storage_with(x));
  CHECK(values(merged) == values(t));
  // Size-1 axes never force a copy, whatever their strides.
  const Tensor column = x.slice(1, 2, 3);
  CHECK(column.reshape({4}).shares_storage_with(x));
  CHECK(column.reshape({2, 1, 2, 1}).shares_storage_with(x));
  CHECK(values(column.reshape({4})) == std::vector<int64_t>{2, 8, 14, 20});
}

TEST_CASE("reshape of expanded, empty and 0-dim tensors") {
  const Tensor repeated = counting({1, 3}).expand({2, 2, 3});
  CHECK(repeated.flatten(0, 1).strides() == Strides{0, 1});
  CHECK_FALSE(repeated.reshape({-1}).shares_storage_with(repeated));
  CHECK(values(repeated.reshape({-1})) == std::vector<int64_t>{0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2});
  CHECK(zeros({0, 3}).reshape({3, 0, 5}).shape() == Shape{3, 0, 5});
  CHECK(scalar(3).reshape({1, 1}).shape() == Shape{1, 1});
  CHECK(zeros({1, 1}).reshape({}).rank() == 0);
}

TEST_CASE("reshape errors") {
  const Tensor x = counting({4, 6});
  CHECK_FAILS(x.reshape({5, 5}), "reshape: cannot make [5, 5] of 24 elements");
  CHECK_FAILS(x.reshape({5, -1}), "reshape: cannot make");
  CHECK_FAILS(x.reshape({-1, -1}), "more than one -1");
  CHECK_FAILS(zeros({0, 3}).reshape({0, -1}), "could be any size");
  CHECK_FAILS(x.reshape({-2, 12}), "negative size");
}

TEST_CASE("slice takes start, step and end") {
  const Tensor x = counting({2, 5});
  CHECK(values(x.slice(1, 1, 4)) == std::vector<int64_t>{1, 2, 3, 6, 7, 8});
  CHECK(values(x.slice(1, 0, 5, 2)) == std::vector<int64_t>{0, 2, 4, 5, 7, 9});
  CHECK(x.slice(1, 0, 5, 2).strides() == Strides{5, 2});
  CHECK(values(x.slice(-1, -2, 5)) == std::vector<int64_t>{3, 4, 8, 9});
  CHECK(x.slice(1, 5, 5).shape() == Shape{2, 0});
  CHECK(x.slice(1, 4, 2).shape() == Shape{2, 0});
  CHECK(x.slice(1, 0, 5, INT64_MAX).shape() == Shape{2, 1});
  CHECK_FAILS(x.slice(1, 0, 6), "slice: position 6 is out of range on axis 1 of size 5: x is [2, 5] int64 cpu");
  CHECK_FAILS(x.slice(1, -6, 5), "position -6");
  CHECK_FAILS(x.slice(1, 0, 5, 0), "step is 0");
  CHECK_FAILS(x.slice(2, 0, 1), "axis 2 is out of range");
}

TEST_CASE("select, squeeze, unsqueeze, flatten") {
  const Tensor x = counting({2, 3, 1});
  CHECK(values(x.select(0, -1)) == std::vector<int64_t>{3, 4, 5});
  CHECK_FAILS(x.select(1, 3), "select: index 3 is out of range on axis 1 of size 3");
  CHECK(x.squeeze(-1).shape() == Shape{2, 3});
  CHECK_FAILS(x.squeeze(0), "squeeze: axis 0 has size 2, not 1");
  CHECK(x.unsqueeze(0).shape() == Shape{1, 2, 3, 1});
  CHECK(x.unsqueeze(-1).shape() == Shape{2, 3, 1, 1});
  CHECK_FAILS(x.unsqueeze(4), "unsqueeze: axis 4 is out of range: x is ");
  CHECK_FAILS(x.unsqueeze(4), "hint: use -4..3");
  CHECK(x.flatten().shape() == Shape{6});
  CHECK(x.flatten(1).shape() == Shape{2, 3});
  CHECK(scalar(1).flatten().shape() == Shape{1});
  CHECK_FAILS(x.flatten(2, 1), "behind");
}

TEST_CASE("expand repeats without memory") {
  const Tensor x = counting({3, 1});
  const Tensor wide = x.expand({2, -1, 4});
  CHECK(wide.shape() == Shape{2, 3, 4});
  CHECK(wide.strides() == Strides{0, 1, 0});
  CHECK(scalar(1.0f).expand({int64_t{1} << 40}).numel() == int64_t{1} << 40);
  CHECK_FAILS(scalar(1).expand({int64_t{1} << 40, int64_t{1} << 40}), "2^63 - 1");
  CHECK_FAILS(x.expand({2, 1}), "cannot expand to [2, 1]: x is [3, 1]");
  CHECK_FAILS(x.expand({3}), "cannot expand");
  CHECK_FAILS(x.expand({-1, 3, 1}), "cannot expand");
}

TEST_CASE("as_strided stays inside the storage") {
  const Tensor x = counting({6});
  CHECK(values(x.as_strided({2, 3}, {1, 2}, 0)) == std::vector<int64_t>{0, 2, 4, 1, 3, 5});
  CHECK(x.as_strided({0, 9}, {100, 100}, 6).numel() == 0);
  CHECK_FAILS(x.as_strided({7}, {1}, 0), "reach outside the 6 elements");
  CHECK_FAILS(x.as_strided({2}, {5}, 1), "reach outside");
  CHECK_FAILS(x.as_strided({2}, {-1}, 3), "reach outside");
  CHECK_FAILS(x.as_strided({}, {}, -1), "reach outside");
  CHECK_FAILS(x.as_strided({3}, {INT64_MAX}, 0), "reach outside");
  CHECK_FAILS(x.as_strided({3}, {1, 1}, 0), "differ in length");
}

TEST_CASE("contiguous, clone and casts") {
  const Tensor x = counting({2, 3});
  CHECK(x.contiguous().shares_storage_with(x));
  CHECK_FALSE(x.transpose().contiguous().shares_storage_with(x));
  CHECK_FALSE(x.clone().shares_storage_with(x));
  CHECK(x.to(DType::int64).shares_storage_with(x));
  CHECK(tensor<float>({-1.7f, 0.0f, 2.9f}).to(DType::int32).to_vector<int32_t>() == std::vector<int32_t>{-1, 0, 2});
  CHECK(tensor<float>({-0.5f, 0.0f, 2.0f}).to(DType::boolean).to_vector<bool>() ==
        std::vector<bool>{true, false, true});
  CHECK(tensor<bool>({true, false}).to(DType::float64).to_vector<double>() == std::vector<double>{1, 0});
}

TEST_CASE("to another device copies, also from a view") {
  const Tensor x = counting({2, 3}).transpose();
  const Tensor there = x.to(reference);
  CHECK(there.device() == reference);
  CHECK(there.is_contiguous());
  CHECK(values(there) == values(x));
  CHECK(values(there.to(cpu)) == values(x));
  CHECK(x.to(cpu).shares_storage_with(x));
  CHECK(zeros({0, 2}).to(reference).shape() == Shape{0, 2});
}
