// tests/tensor/elementwise_test.cpp: broadcasting, kinds of dtype, integers (values of every op: see tests/op_table)
#include "tensor/elementwise.h"

#include <limits>

#include "tensor/create.h"
#include "tensor/indexing.h"
#include "tests/tensor/throws.h"

using namespace weft;

namespace {

Tensor one(DType dtype) { return ones({2}, {.dtype = dtype}); }

}  // namespace

TEST_CASE("C++ numbers take part in the result's dtype, and have to fit it") {
  CHECK((one(DType::int32) * 0.5).at({0}) == 0.5);
  CHECK_FAILS(one(DType::uint8) + 256, "add: 256 does not fit uint8");
}

TEST_CASE("floating ops bring integers to float32") {
  CHECK(div(one(DType::int32), one(DType::int64)).dtype() == DType::float32);
  CHECK(div(tensor<int64_t>({1}), 2).item() == 0.5);
  CHECK(exp(one(DType::uint8)).dtype() == DType::float32);
  CHECK(exp(one(DType::float64)).dtype() == DType::float64);
  CHECK(neg(one(DType::int32)).dtype() == DType::int32);
}

TEST_CASE("logical ops give bool and look at the value before any rounding") {
  const Tensor tiny = scalar(1e-300, {.dtype = DType::float64});
  CHECK(logical_and(one(DType::float32), tiny).to_vector<bool>() == std::vector<bool>{true, true});
  CHECK(logical_or(tensor<int64_t>({0, 2}), false).to_vector<bool>() == std::vector<bool>{false, true});
  CHECK(logical_not(tensor<float>({0, 2})).to_vector<bool>() == std::vector<bool>{true, false});
  CHECK(less(tensor<int64_t>({1, 2, 3}), 2.5).to_vector<bool>() == std::vector<bool>{true, true, false});
}

TEST_CASE("arithmetic on bool asks what is meant") {
  const Tensor mask = tensor<bool>({true, false});
  CHECK_FAILS(mask + mask, "add: needs numbers, not bool: [2] bool cpu and [2] bool cpu; hint: use logical_and");
  CHECK_FAILS(neg(mask), "to(DType::int64)");
}

TEST_CASE("broadcasting values, and its errors") {
  const Tensor column = tensor<float>({1, 2}, Shape{2, 1});
  const Tensor row = tensor<float>({10, 20, 30});
  CHECK((column + row).to_vector<float>() == std::vector<float>{11, 21, 31, 12, 22, 32});
  CHECK((zeros({0, 3}) + row).shape() == Shape{0, 3});
  CHECK_FAILS(column + zeros({3, 3}), "add: cannot broadcast [2, 1] with [3, 3]: axis 0 (from the right: 1)");
  CHECK_FAILS(row * row.to(reference), "mul: devices differ: [3] float32 cpu and [3] float32 reference");
  CHECK_FAILS(row + Tensor(), "add: the tensor is undefined");
  CHECK_FAILS(equal(1, 2), "needs a tensor on one side");
}

TEST_CASE_TEMPLATE("integers wrap on overflow", T, int32_t, int64_t) {
  constexpr T low = std::numeric_limits<T>::min(), high = std::numeric_limits<T>::max();
  for (const Device device : {reference, cpu}) {
    const Tensor x = tensor<T>({low, high}, Shape{2}, device);
    CHECK((x + x).template to_vector<T>() == std::vector<T>{0, -2});
    CHECK((x - 1).template to_vector<T>() == std::vector<T>{high, high - 1});
    CHECK((x * 2).template to_vector<T>() == std::vector<T>{0, -2});
    CHECK(neg(x).template to_vector<T>() == std::vector<T>{low, -high});
    CHECK(abs(x).template to_vector<T>() == std::vector<T>{low, high});
    CHECK(square(x).template to_vector<T>() == std::vector<T>{0, 1});
    const Tensor twice = tensor<int64_t>({1, 1}, Shape{2}, device);
    CHECK(scatter_add(x, 0, twice, x).template to_vector<T>() == std::vector<T>{low, high - 1});
  }
}

TEST_CASE_TEMPLATE("integers divide and shift as they should at their limits", T, int32_t, int64_t) {
  constexpr T low = std::numeric_limits<T>::min(), high = std::numeric_limits<T>::max();
  for (const Device device : {reference, cpu}) {
    const Tensor x = tensor<T>({low, high}, Shape{2}, device);
    CHECK(floor_divide(x, -1).template to_vector<T>() == std::vector<T>{low, -high});
    CHECK(remainder(x, -1).template to_vector<T>() == std::vector<T>{0, 0});
    CHECK(fmod(x, -1).template to_vector<T>() == std::vector<T>{0, 0});
    CHECK(left_shift(x, -1).template to_vector<T>() == std::vector<T>{0, 0});
    CHECK(right_shift(x, 64).template to_vector<T>() == std::vector<T>{-1, 0});
    CHECK(left_shift(x, 1).template to_vector<T>() == std::vector<T>{0, -2});
    CHECK(pow(x, 2).template to_vector<T>() == std::vector<T>{0, 1});
  }
}

TEST_CASE("whole numbers have whole powers") {
  const Tensor base = tensor<int64_t>({-2, -1, 0, 1, 3});
  CHECK(pow(base, 3).to_vector<int64_t>() == std::vector<int64_t>{-8, -1, 0, 1, 27});
  CHECK(pow(base, 0).to_vector<int64_t>() == std::vector<int64_t>{1, 1, 1, 1, 1});
  const Tensor negative = tensor<int64_t>({-1, -2, -3, -4, -5});
  CHECK(pow(base, negative).to_vector<int64_t>() == std::vector<int64_t>{0, 1, 0, 1, 0});
  CHECK(pow(base, 0.5).dtype() == DType::float32);
  CHECK_FAILS(pow(base, -1), "pow: integers have no power -1; hint: convert with to(DType::float32)");
}

TEST_CASE("floats divided with a remainder at their corners") {
  const double inf = std::numeric_limits<double>::infinity();
  for (const Device device : {reference, cpu}) {
    const Tensor x = tensor<double>({-1, 1, -7, 7}, {}, device);
    CHECK(floor_divide(x, inf).to_vector<double>() == std::vector<double>{-1, 0, -1, 0});
    CHECK(remainder(x, inf).to_vector<double>() == std::vector<double>{inf, 1, inf, 7});
    CHECK(floor_divide(x, 0.0).to_vector<double>() == std::vector<double>{-inf, inf, -inf, inf});
    CHECK(isnan(remainder(x, 0.0)).to_vector<bool>() == std::vector<bool>(4, true));
    CHECK(floor_divide(scalar(1, {DType::float64, device}), 0.1).item() == 9);  // 0.1 lies above a tenth
  }
}

TEST_CASE("results are new and contiguous, and do not change their inputs") {
  const Tensor x = tensor<float>({1, 2, 3, 4, 5, 6}, Shape{2, 3}).transpose();
  const Tensor y = x * 2;
  CHECK(y.is_contiguous());
  CHECK(y.to_vector<float>() == std::vector<float>{2, 8, 4, 10, 6, 12});
  CHECK(x.version() == 0);
}

TEST_CASE("where broadcasts three ways") {
  const Tensor condition = tensor<bool>({true, false}, Shape{2, 1});
  const Tensor y = where(condition, tensor<float>({1, 2, 3}), scalar(0));
  CHECK(y.to_vector<float>() == std::vector<float>{1, 2, 3, 0, 0, 0});
  CHECK_FAILS(where(ones({2}), ones({2}), ones({2})), "the condition must be bool");
}

TEST_CASE("a divisor that wraps to 0 in the computing dtype is refused") {
  for (const Device device : {reference, cpu}) {
    const Tensor x = tensor<uint8_t>({1, 2, 3}, {}, device);
    const Tensor wraps = scalar(256, {.dtype = DType::int64, .device = device});
    CHECK_FAILS(floor_divide(x, wraps), "floor_divide: integers cannot be divided by 0");
    CHECK_FAILS(x.remainder_(wraps), "remainder_: integers cannot be divided by 0");
    CHECK(x.to_vector<uint8_t>() == std::vector<uint8_t>{1, 2, 3});
  }
}

TEST_CASE("softplus above its threshold is x itself, whatever beta") {
  for (const Device device : {reference, cpu}) {
    const Tensor x = tensor<float>({3e38f, 12.345678f, -3e38f}, {}, device);
    CHECK(softplus(x, 3).to_vector<float>() == std::vector<float>{3e38f, 12.345678f, 0});
  }
}

TEST_CASE("an integer compared with a number that its dtype does not hold") {
  for (const Device device : available_devices())
    for (const DType dtype : {DType::uint8, DType::int32, DType::int64}) {
      const Tensor x = tensor<int64_t>({0, 7, 255}, {}, device).to(dtype);
      for (const int64_t b : {int64_t{-1}, int64_t{300}, int64_t{1} << 40, -(int64_t{1} << 40)}) {
        const Tensor wide = x.to(DType::int64), number = full({3}, b, {DType::int64, device});
        const auto same = [](const Tensor& actual, const Tensor& expected) {
          CHECK(actual.to_vector<int64_t>() == expected.to_vector<int64_t>());
        };
        same(equal(x, b), equal(wide, number));
        same(not_equal(x, b), not_equal(wide, number));
        same(less(x, b), less(wide, number));
        same(less_equal(x, b), less_equal(wide, number));
        same(greater(x, b), greater(wide, number));
        same(greater_equal(b, x), greater_equal(number, wide));
      }
    }
  CHECK_FAILS(maximum(zeros({2}, {DType::uint8}), 300), "maximum: 300 does not fit uint8");
}
