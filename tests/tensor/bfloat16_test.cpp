// tests/tensor/bfloat16_test.cpp: the dtype for storage: rounding, moving, saving, and the refusal to compute
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "tensor/allclose.h"
#include "tensor/indexing.h"
#include "tensor/join.h"
#include "tensor/matmul.h"
#include "tensor/reduce.h"
#include "tensor/safetensors.h"
#include "tensor/scan.h"
#include "tensor/softmax.h"
#include "tensor/sort.h"
#include "tensor/where.h"
#include "tests/fixtures/folder.h"
#include "tests/tensor/temp_folder.h"
#include "tests/tensor/throws.h"

using namespace weft;

namespace {

constexpr TensorOptions kStored{.dtype = DType::bfloat16};

bool same_number(float a, float b) {
  return a == b ? std::signbit(a) == std::signbit(b) : std::isnan(a) && std::isnan(b);
}

}  // namespace

TEST_CASE("bfloat16: every value survives the way to float32 and back") {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    bfloat16 x;
    x.bits = static_cast<uint16_t>(bits);
    const float wide = static_cast<float>(x);
    const bfloat16 back(wide);
    if (std::isnan(wide)) CHECK(std::isnan(static_cast<float>(back)));
    else REQUIRE(back.bits == x.bits);
  }
}

TEST_CASE("bfloat16: float32 is rounded as an independent framework does") {
  for (const Device device : available_devices()) {
    const TensorMap file = load_safetensors(test::fixtures() / "bfloat16.safetensors", device).tensors;
    const Tensor &x = file.at("x"), &expected = file.at("rounded");
    REQUIRE(expected.dtype() == DType::bfloat16);
    const auto rounded = x.to(DType::bfloat16).to_vector<float>(), wanted = expected.to_vector<float>();
    for (size_t i = 0; i < wanted.size(); ++i) CHECK(same_number(rounded[i], wanted[i]));
  }
}

TEST_CASE("bfloat16: casts from and to every dtype") {
  for (const Device device : available_devices()) {
    const Tensor x = tensor<float>({-2.7f, 0, 1, 300}, {}, device).to(DType::bfloat16);
    CHECK(x.to(DType::int64).to_vector<int64_t>() == std::vector<int64_t>{-2, 0, 1, 300});
    CHECK(x.to(DType::uint8).to_vector<uint8_t>() == std::vector<uint8_t>{0, 0, 1, 255});
    CHECK(x.to(DType::boolean).to_vector<bool>() == std::vector<bool>{true, false, true, true});
    CHECK(x.to(DType::float64).at({0}) == -2.703125);
    CHECK(tensor<int64_t>({257}, {}, device).to(DType::bfloat16).item() == 256);  // a tie goes to the even fraction
    CHECK(tensor<bool>({true}, {}, device).to(DType::bfloat16).item() == 1);
  }
}

TEST_CASE("bfloat16: elements are made, read, moved and printed") {
  for (const Device device : available_devices()) {
    const Tensor x = full({2, 3}, 1.5, {.dtype = DType::bfloat16, .device = device});
    x.set({1, 2}, -3);
    CHECK(x.at({1, 2}) == -3);
    CHECK(x.describe() == "[2, 3] bfloat16 " + to_string(device));
    CHECK(x.transpose().contiguous().to_vector<float>() == std::vector<float>{1.5, 1.5, 1.5, 1.5, 1.5, -3});
    CHECK(cat({x, x}, 1).shape() == Shape{2, 6});
    CHECK(index_select(x, 1, tensor<int64_t>({2}, {}, device)).to_vector<float>() == std::vector<float>{1.5, -3});
    CHECK(x.to_string().find("-3") != std::string::npos);
    CHECK(allclose(x, x.clone()));
    CHECK_FALSE(allclose(x, zeros({2, 3}, {.dtype = DType::bfloat16, .device = device})));
  }
}

TEST_CASE("bfloat16: strides of every kind") {
  for (const Device device : available_devices()) {
    const Tensor numbers = arange(0, 6).to(device);
    const Tensor x = numbers.reshape({2, 3}).to(DType::bfloat16);
    const std::vector<float> columns{0, 3, 1, 4, 2, 5};
    CHECK(x.transpose().to(DType::float32).to_vector<float>() == columns);
    const Tensor wide = zeros({3, 4}, {.dtype = DType::bfloat16, .device = device});
    wide.slice(1, 0, 4, 2).copy_(numbers.reshape({2, 3}).transpose());
    CHECK(wide.to_vector<float>() == std::vector<float>{0, 0, 3, 0, 1, 0, 4, 0, 2, 0, 5, 0});
    const Tensor mask = tensor<bool>({true, false, true}, {}, device);
    CHECK(masked_fill(x, mask, 7).to_vector<float>() == std::vector<float>{7, 1, 7, 7, 4, 7});
    CHECK(where(mask, x, x.slice(1, 0, 1)).to_vector<float>() == std::vector<float>{0, 0, 2, 3, 3, 5});
  }
}

TEST_CASE("bfloat16: files give back the same bytes") {
  const TempFolder folder;
  const Tensor x = tensor<float>({1, -0.0f, INFINITY, 3.14159f}).to(DType::bfloat16);
  save_safetensors(folder.path / "x.safetensors", {{"x", x}});
  const Tensor y = load_safetensors(folder.path / "x.safetensors").tensors.at("x");
  CHECK(y.dtype() == DType::bfloat16);
  CHECK(y.to_vector<float>() == x.to_vector<float>());
}

TEST_CASE("bfloat16: functions that compute refuse it, and say what to do") {
  const auto refuses = [](const auto& call, std::string_view start) {
    const std::string text = error_of(call);
    CHECK_MESSAGE(text.starts_with(start), text);
    CHECK_MESSAGE(text.find("to(DType::float32)") != std::string::npos, text);
  };
  for (const Device device : available_devices()) {
    const Tensor x = ones({2, 2}, {.dtype = DType::bfloat16, .device = device});
    refuses([&] { exp(x); }, "exp: bfloat16 only holds elements: [2, 2] bfloat16");
    refuses([&] { add(x, x); }, "add: bfloat16 only holds elements: [2, 2] bfloat16");
    refuses([&] { logical_not(x); }, "logical_not: bfloat16 only holds elements");
    refuses([&] { equal(x, 1); }, "equal: bfloat16 only holds elements");
    refuses([&] { matmul(x, x); }, "matmul: needs a floating dtype");
    refuses([&] { softmax(x); }, "softmax: needs a floating dtype");
    refuses([&] { sum(x); }, "sum: bfloat16 only holds elements");
    refuses([&] { argmax(x, 0); }, "argmax: bfloat16 only holds elements");
    refuses([&] { cumsum(x, 0); }, "cumsum: bfloat16 only holds elements");
    refuses([&] { weft::sort(x, 0); }, "sort: bfloat16 only holds elements");
    refuses([&] { x.add_(x); }, "add");
    CHECK(x.at({0, 0}) == 1);
    CHECK(add(x, ones({2, 2}, {.device = device})).dtype() == DType::float32);  // beside a float32 it is one
  }
}
