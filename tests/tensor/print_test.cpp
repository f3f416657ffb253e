// tests/tensor/print_test.cpp: tensors as text
#include "tensor/create.h"
#include "tests/tensor/throws.h"

using namespace weft;

TEST_CASE("small tensors print every element") {
  CHECK(tensor<float>({1, -2.5f}).to_string() == "tensor([ 1.0000, -2.5000], shape [2], float32, cpu)");
  CHECK(tensor<int64_t>({1, 20, 300, 4}, Shape{2, 2}).to_string() ==
        "tensor([[  1,  20],\n        [300,   4]], shape [2, 2], int64, cpu)");
  CHECK(zeros({2, 1, 1}, {.dtype = DType::uint8}).to_string() ==
        "tensor([[[0]],\n\n        [[0]]], shape [2, 1, 1], uint8, cpu)");
  CHECK(tensor<bool>({true, false}).to_string() == "tensor([ true, false], shape [2], bool, cpu)");
}

TEST_CASE("0-dim, empty, undefined, small and large numbers") {
  CHECK(scalar(3.5).to_string() == "tensor(3.5000, shape [], float32, cpu)");
  CHECK(zeros({0, 3}).to_string() == "tensor([], shape [0, 3], float32, cpu)");
  CHECK(Tensor().to_string() == "tensor(undefined)");
  CHECK(tensor<double>({1e-6}).to_string() == "tensor([1.0000e-06], shape [1], float64, cpu)");
  CHECK(tensor<float>({1e6f}).to_string() == "tensor([1.0000e+06], shape [1], float32, cpu)");
}

TEST_CASE("over 1000 elements only the edges, even of a tensor larger than memory") {
  CHECK(arange(0, 1001).to_string() == "tensor([   0,    1,    2, ...,  998,  999, 1000], shape [1001], int64, cpu)");
  const std::string text = arange(0, 2000).reshape({2, 1000}).to_string();
  CHECK(text ==
        "tensor([[   0,    1,    2, ...,  997,  998,  999],\n"
        "        [1000, 1001, 1002, ..., 1997, 1998, 1999]], shape [2, 1000], int64, cpu)");
  const int64_t huge = int64_t{1} << 30;
  CHECK(scalar(1).expand({huge, huge}).to_string().find("...,\n") != std::string::npos);
}

TEST_CASE("describe") {
  CHECK(zeros({32, 784}).describe() == "[32, 784] float32 cpu");
  CHECK(zeros({}).to(reference).describe() == "[] float32 reference");
}
