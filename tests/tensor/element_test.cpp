// tests/tensor/element_test.cpp: making tensors, reading and writing elements, 0-dim and empty ones
#include <cmath>

#include "tensor/backend.h"
#include "tensor/create.h"
#include "tests/tensor/throws.h"

using namespace weft;

TEST_CASE("item and at are checked") {
  const Tensor x = tensor<float>({1, 2, 3, 4, 5, 6}, Shape{2, 3});
  CHECK(x.at<float>({1, 2}) == 6);
  CHECK(x.transpose().at<float>({2, 0}) == 3);
  CHECK(scalar(2.5).item() == 2.5);
  CHECK(x.slice(0, 1, 2).slice(1, 0, 1).item<int>() == 4);
  CHECK_FAILS(x.item(), "item: needs exactly one element: x is [2, 3] float32 cpu");
  CHECK_FAILS(zeros({0}).item(), "exactly one");
  CHECK_FAILS(x.at({2, 0}), "at: index [2, 0] is out of range on axis 0");
  CHECK_FAILS(x.at({0, -1}), "out of range on axis 1");
  CHECK_FAILS(x.at({0}), "1 indices, but x has 2 axes");
  x.set({0, 1}, 9);
  CHECK(x.to_vector<int64_t>() == std::vector<int64_t>{1, 9, 3, 4, 5, 6});
}

TEST_CASE("an undefined tensor answers with an error") {
  const Tensor x;
  CHECK_FALSE(x.defined());
  CHECK(x.describe() == "undefined");
  CHECK_FAILS(x.clone(), "clone: the tensor is undefined");
  CHECK_FAILS(x.reshape({1}), "undefined");
  CHECK_FAILS(x.item(), "undefined");
}

TEST_CASE("sizes beyond memory throw before anything is allocated") {
  const int64_t huge = int64_t{1} << 40;
  const int64_t asked_before = memory_stats(cpu).from_system;
  CHECK_FAILS(zeros({huge, huge}), "2^63 - 1 elements");
  CHECK_FAILS(zeros({int64_t{1} << 31, int64_t{1} << 31}, {.dtype = DType::float64}), "2^63 - 1 bytes");
  CHECK_FAILS(zeros({-1}), "negative size");
  CHECK(memory_stats(cpu).from_system == asked_before);
}

TEST_CASE("full, zeros, ones, eye and scalar") {
  CHECK(full({2}, 7, {.dtype = DType::uint8}).to_vector<int64_t>() == std::vector<int64_t>{7, 7});
  CHECK(ones({3}).to_vector<float>() == std::vector<float>{1, 1, 1});
  CHECK(zeros_like(ones({2}, {.dtype = DType::float64})).dtype() == DType::float64);
  CHECK(eye(2).to_vector<float>() == std::vector<float>{1, 0, 0, 1});
  CHECK(eye(0).shape() == Shape{0, 0});
  CHECK(scalar(4).rank() == 0);
  CHECK(scalar(4).dtype() == DType::float32);
  CHECK_FAILS(full({2}, 256, {.dtype = DType::uint8}), "256 does not fit uint8");
  CHECK_FAILS(full({2}, -1, {.dtype = DType::uint8}), "does not fit");
  CHECK_FAILS(full({2}, NAN, {.dtype = DType::int64}), "does not fit int64");
  CHECK_FAILS(full({2}, 0x1p63, {.dtype = DType::int64}), "does not fit int64");
  CHECK(full({1}, -0.5, {.dtype = DType::uint8}).item() == 0);
  CHECK(full({1}, -0x1p63, {.dtype = DType::int64}).item<int64_t>() == INT64_MIN);
}

TEST_CASE_TEMPLATE("a float read on the host is cast as to() casts it", T, bool, uint8_t, int32_t, int64_t) {
  const Tensor x = tensor<double>({NAN, INFINITY, -INFINITY, 3e9, -3e9, 300.7, -1.5, 0.5});
  for (const Tensor& values : {x, x.to(DType::float32)}) {
    const std::vector<T> expected = values.to(dtype_of<T>).template to_vector<T>();
    CHECK(values.template to_vector<T>() == expected);
    for (int64_t i = 0; i < values.numel(); ++i) {
      CHECK(values.template at<T>({i}) == expected[static_cast<size_t>(i)]);
      CHECK(Scalar(values.at({i})).as<T>() == expected[static_cast<size_t>(i)]);
    }
  }
}

TEST_CASE("a Scalar holds integers up to 2^63 - 1") {
  CHECK(Scalar(NAN).as<int64_t>() == 0);
  CHECK(Scalar(1e300).as<int32_t>() == INT32_MAX);
  CHECK(Scalar(-1).as<bool>());
  CHECK(Scalar(uint64_t{INT64_MAX}).as<int64_t>() == INT64_MAX);
  CHECK_FAILS(Scalar(UINT64_MAX), "Scalar: 18446744073709551615 does not fit int64; hint: pass it as a double");
  CHECK_FAILS(full({1}, uint64_t{1} << 63), "Scalar: 9223372036854775808 does not fit int64");
}

TEST_CASE("arange") {
  CHECK(arange(2, 7, 2).to_vector<int64_t>() == std::vector<int64_t>{2, 4, 6});
  CHECK(arange(3, 0, -1).to_vector<int64_t>() == std::vector<int64_t>{3, 2, 1});
  CHECK(arange(3, 3).numel() == 0);
  CHECK(arange(0, 1, 0.25, {.dtype = DType::float32}).to_vector<float>() == std::vector<float>{0, 0.25f, 0.5f, 0.75f});
  const int64_t step = int64_t{1} << 62;
  CHECK(arange(INT64_MIN, INT64_MAX, step).to_vector<int64_t>() == std::vector<int64_t>{INT64_MIN, -step, 0, step});
  CHECK_FAILS(arange(0, 1, 0), "a step of 0");
  CHECK_FAILS(arange(0, 3, -1), "does not lead from 0 to 3");
  CHECK_FAILS(arange(0, 1, 0.25), "int64 cannot hold the steps");
  CHECK_FAILS(arange(0, 300, 1, {.dtype = DType::uint8}), "299 does not fit uint8");
}

TEST_CASE("from_data counts its values") {
  CHECK(tensor<int32_t>({1, 2, 3}).dtype() == DType::int32);
  CHECK(tensor<float>({}).shape() == Shape{0});
  CHECK(from_data(std::vector<double>{5}, {}).item() == 5);
  CHECK_FAILS(tensor<float>({1, 2, 3}, Shape{2, 2}), "from_data: 3 values for shape [2, 2], which has 4 elements");
}
