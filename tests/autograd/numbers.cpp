// tests/autograd/numbers.cpp: a C++ number as an operand of a Variable
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "autograd/autograd.h"
#include "expect_error.h"
#include "tensor/create.h"

using namespace weft;

namespace {

/// What a call gives, or what it says when it refuses.
std::string outcome(const std::function<Tensor()>& call) {
  try {
    const Tensor y = call();
    std::string text = y.describe();
    for (const double value : y.to_vector<double>()) text += fmt::format(" {}", value);
    return text;
  } catch (const Error& error) {
    const std::string text = error.what();
    return text.substr(0, text.find(": ", text.find(": ") + 2));  // then the operands, in one order or the other
  }
}

/// One function in both layers.
struct Function {
  std::string name;
  std::function<Tensor(const Tensor&, Scalar)> on_tensor;
  std::function<Variable(const Variable&, Scalar)> on_variable;
};

template <class F>
Function both(std::string name, F f) {
  return {std::move(name), [f](const Tensor& x, Scalar b) { return f(x, b); },
          [f](const Variable& x, Scalar b) { return f(x, b); }};
}

const std::vector<Function>& functions_of_a_number() {
  static const Tensor mask = tensor<bool>({true, false, true});
  static const std::vector<Function> list = {
      both("x + b", [](const auto& x, Scalar b) { return x + b; }),
      both("b + x", [](const auto& x, Scalar b) { return b + x; }),
      both("x - b", [](const auto& x, Scalar b) { return x - b; }),
      both("b - x", [](const auto& x, Scalar b) { return b - x; }),
      both("x * b", [](const auto& x, Scalar b) { return x * b; }),
      both("b * x", [](const auto& x, Scalar b) { return b * x; }),
      both("x / b", [](const auto& x, Scalar b) { return x / b; }),
      both("b / x", [](const auto& x, Scalar b) { return b / x; }),
      both("pow(x, b)", [](const auto& x, Scalar b) { return pow(x, b); }),
      both("pow(b, x)", [](const auto& x, Scalar b) { return pow(b, x); }),
      both("maximum", [](const auto& x, Scalar b) { return maximum(x, b); }),
      both("minimum", [](const auto& x, Scalar b) { return minimum(x, b); }),
      both("maximum(b, x)", [](const auto& x, Scalar b) { return maximum(b, x); }),
      both("minimum(b, x)", [](const auto& x, Scalar b) { return minimum(b, x); }),
      both("add(b, x)", [](const auto& x, Scalar b) { return add(b, x); }),
      both("mul(b, x)", [](const auto& x, Scalar b) { return mul(b, x); }),
      both("atan2", [](const auto& x, Scalar b) { return atan2(x, b); }),
      both("atan2(b, x)", [](const auto& x, Scalar b) { return atan2(b, x); }),
      both("hypot", [](const auto& x, Scalar b) { return hypot(x, b); }),
      both("hypot(b, x)", [](const auto& x, Scalar b) { return hypot(b, x); }),
      both("floor_divide", [](const auto& x, Scalar b) { return floor_divide(x, b); }),
      both("floor_divide(b, x)", [](const auto& x, Scalar b) { return floor_divide(b, x); }),
      both("remainder", [](const auto& x, Scalar b) { return remainder(x, b); }),
      both("remainder(b, x)", [](const auto& x, Scalar b) { return remainder(b, x); }),
      both("fmod", [](const auto& x, Scalar b) { return fmod(x, b); }),
      both("fmod(b, x)", [](const auto& x, Scalar b) { return fmod(b, x); }),
      both("equal", [](const auto& x, Scalar b) { return equal(x, b); }),
      both("not_equal(b, x)", [](const auto& x, Scalar b) { return not_equal(b, x); }),
      both("less", [](const auto& x, Scalar b) { return less(x, b); }),
      both("less_equal(b, x)", [](const auto& x, Scalar b) { return less_equal(b, x); }),
      both("greater", [](const auto& x, Scalar b) { return greater(x, b); }),
      both("greater_equal(b, x)", [](const auto& x, Scalar b) { return greater_equal(b, x); }),
      both("where(x, b)", [](const auto& x, Scalar b) { return where(mask, x, b); }),
      both("where(b, x)", [](const auto& x, Scalar b) { return where(mask, b, x); }),
      both("masked_fill", [](const auto& x, Scalar b) { return masked_fill(x, mask, b); }),
      both("clamp", [](const auto& x, Scalar b) { return clamp(x, b); }),
  };
  return list;
}

}  // namespace

TEST_CASE("a Variable and a number give what the tensor and the number give, in the same dtype") {
  const Scalar numbers[] = {2.5, 0.5, 49.0, 1e-39, 3, 1, 0, -1, 300, true};
  for (const Function& function : functions_of_a_number())
    for (const DType dtype : {DType::float32, DType::float64, DType::int64, DType::int32, DType::uint8, DType::boolean})
      for (const Scalar number : numbers) {
        const Tensor x = tensor<double>({49, 1e-20, 2}).to(dtype);
        CAPTURE(function.name);
        CAPTURE(x.describe());
        CAPTURE(number.as<double>());
        const std::string expected = outcome([&] { return function.on_tensor(x, number); });
        CHECK(outcome([&] { return function.on_variable(x, number).value(); }) == expected);
        if (!is_floating(dtype)) continue;
        Tape tape;
        CHECK(outcome([&] { return function.on_variable(watch(x), number).value(); }) == expected);
      }
}

TEST_CASE("a comparison takes values and gives a constant, whatever stands on either side") {
  const Tensor t = tensor<double>({1, 2, 3});
  const Variable x = watch(t);
  Tape tape;
  const Variable h = x * 2.0;
  CHECK(greater(h, x).to_vector<bool>() == std::vector<bool>{true, true, true});
  CHECK(less_equal(h, t + 2).to_vector<bool>() == std::vector<bool>{true, true, false});
  CHECK(equal(t, h - x).to_vector<bool>() == std::vector<bool>{true, true, true});
  CHECK(tape.size() == 2);
  tape.backward(sum(where(greater(h, 3), h, 0)));
  CHECK(x.grad().to_vector<double>() == std::vector<double>{0, 2, 2});
}

TEST_CASE("an undefined operand is refused by name, beside a number too") {
  for (const Function& function : functions_of_a_number()) {
    CAPTURE(function.name);
    expect_error([&] { function.on_variable(Variable(), 0.5); }, {"is undefined"});
  }
}

TEST_CASE("the derivative of the smaller and of the larger of x and a number, also where they are equal or NaN") {
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  const auto gradient = [](double number, const std::function<Variable(const Variable&, Scalar)>& f) {
    Tape tape;
    const Variable x = watch(tensor<double>({1, 2, 3, kNaN}));
    return tape.gradient(f(x, number), {x})[0].value().to_vector<double>();
  };
  const auto larger = [](const Variable& x, Scalar b) { return maximum(x, b); };
  const auto smaller = [](const Variable& x, Scalar b) { return minimum(x, b); };
  CHECK(gradient(2, larger) == std::vector<double>{0, 0.5, 1, 1});
  CHECK(gradient(2, smaller) == std::vector<double>{1, 0.5, 0, 1});
  CHECK(gradient(kNaN, larger) == std::vector<double>{0, 0, 0, 0.5});
}

TEST_CASE("a missing bound of clamp is no number of x's dtype") {
  const Variable x = tensor<int64_t>({-5, 5}), bound = tensor<int64_t>({3});
  CHECK(clamp(x, bound, Variable()).value().to_vector<int64_t>() == std::vector<int64_t>{3, 5});
  CHECK(clamp(x, Variable(), bound).value().to_vector<int64_t>() == std::vector<int64_t>{-5, 3});
  expect_error([&] { clamp(Variable(), bound, Variable()); }, {"clamp: ", "is undefined"});
  expect_error([&] { clamp(x, Variable(), Variable()); }, {"clamp: both bounds are missing"});
  expect_error([] { clamp(Variable(zeros({2}, {DType::bfloat16})), 0); }, {"clamp: ", "bfloat16"});
}

TEST_CASE("of two equal bounds of clamp the upper one gets the gradient of what lies above, as in PyTorch") {
  const Variable x = watch(tensor<double>({1, 2, 3}));
  const Variable low = watch(full({3}, 2, {DType::float64})), high = watch(full({3}, 2, {DType::float64}));
  Tape tape;
  tape.backward(sum(clamp(x, low, high)));
  CHECK(x.grad().to_vector<double>() == std::vector<double>{0, 1, 0});
  CHECK(low.grad().to_vector<double>() == std::vector<double>{0, 0, 0});
  CHECK(high.grad().to_vector<double>() == std::vector<double>{0, 0, 1});
}
