// tests/tensor/inplace_test.cpp: changes in place, their version, and what they refuse
#include "tensor/create.h"
#include "tests/tensor/throws.h"

using namespace weft;

TEST_CASE("every change in place is counted once, on the shared storage") {
  const Tensor x = zeros({2, 3});
  const Tensor view = x.select(0, 0);
  CHECK(x.version() == 0);
  view.fill_(2);
  CHECK(x.version() == 1);
  x.add_(ones({3}), 0.5);
  CHECK(x.version() == 2);
  x.mul_(2);
  CHECK(x.version() == 3);
  x.select(0, 1).copy_(tensor<int64_t>({7, 8, 9}));
  CHECK(view.version() == 4);
  x.set({0, 0}, -1);
  CHECK(x.version() == 5);
  CHECK(x.to_vector<float>() == std::vector<float>{-1, 5, 5, 7, 8, 9});
}

TEST_CASE("a refused change leaves values and version alone") {
  const Tensor x = ones({1, 3});
  CHECK_FAILS(x.add_(ones({2, 3})), "add_: cannot broadcast [2, 3] to [1, 3]");
  CHECK_FAILS(x.copy_(ones({4})), "copy_: cannot broadcast");
  CHECK_FAILS(x.add_(ones({3}, {.dtype = DType::float64})), "dtypes differ");
  CHECK_FAILS(x.add_(ones({3}).to(reference)), "devices differ");
  CHECK_FAILS(ones({3}, {.dtype = DType::int64}).mul_(0.5), "cannot hold the product");
  CHECK_FAILS(ones({3}, {.dtype = DType::int64}).add_(ones({3})), "needs a floating dtype");
  CHECK_FAILS(tensor<bool>({true}).mul_(true), "needs numbers");
  CHECK_FAILS(zeros({1}, {.dtype = DType::uint8}).fill_(-1), "does not fit");
  CHECK(x.version() == 0);
  CHECK(x.to_vector<float>() == std::vector<float>{1, 1, 1});
}

TEST_CASE("expanded and overlapping tensors are refused") {
  const Tensor x = zeros({3, 1});
  const Tensor wide = x.expand({3, 4});
  CHECK_FAILS(wide.fill_(1), "fill_: elements of [3, 4] float32 cpu share memory (strides [1, 0])");
  CHECK_FAILS(wide.copy_(ones({4})), "share memory");
  CHECK_FAILS(wide.add_(ones({4})), "share memory");
  CHECK_FAILS(wide.mul_(2), "share memory");
  CHECK_FAILS(zeros({4}).as_strided({3, 2}, {1, 1}, 0).fill_(1), "share memory");
  x.expand({1, 3, 1}).fill_(1);  // a new axis of size 1 repeats nothing
  CHECK(x.to_vector<float>() == std::vector<float>{1, 1, 1});
}

TEST_CASE("a source on the same storage is read before it is overwritten") {
  const Tensor x = arange(0, 5, 1, {.dtype = DType::float32});
  x.slice(0, 1, 5).copy_(x.slice(0, 0, 4));
  CHECK(x.to_vector<float>() == std::vector<float>{0, 0, 1, 2, 3});
  x.add_(x.select(0, 4));
  CHECK(x.to_vector<float>() == std::vector<float>{3, 3, 4, 5, 6});
  x.add_(x);
  CHECK(x.to_vector<float>() == std::vector<float>{6, 6, 8, 10, 12});
  const Tensor square = tensor<float>({1, 2, 3, 4}, Shape{2, 2});
  square.copy_(square.transpose());
  CHECK(square.to_vector<float>() == std::vector<float>{1, 3, 2, 4});
}

TEST_CASE("strided targets, other devices, 0-dim and empty tensors") {
  const Tensor x = zeros({2, 3});
  x.transpose().copy_(tensor<float>({1, 2, 3, 4, 5, 6}, Shape{3, 2}).to(reference));
  CHECK(x.to_vector<float>() == std::vector<float>{1, 3, 5, 2, 4, 6});
  CHECK(scalar(2).add_(scalar(3), 2).item() == 8);
  const Tensor nothing = zeros({0, 3});
  nothing.fill_(1).add_(ones({3})).mul_(2).copy_(ones({1, 3}));
  CHECK(nothing.numel() == 0);
}
