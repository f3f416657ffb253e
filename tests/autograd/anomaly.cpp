// tests/autograd/anomaly.cpp: inf and NaN are found where they arise
#include "autograd/anomaly.h"

#include <doctest/doctest.h>

#include "autograd/autograd.h"
#include "expect_error.h"
#include "tensor/create.h"

using namespace weft;

TEST_CASE("the first result that is not finite is named, with its index and the leaves it came from") {
  const Variable w = watch(tensor<float>({1, 0, 2, 0}).reshape({2, 2}), "layer.weight");
  Tape tape({.detect_anomaly = true});
  expect_error([&] { log(w); },
               {"log: the output (from the leaf 'layer.weight'), [2, 2] float32 cpu, is -inf at [0, 1]"});
  CHECK(tape.size() == 0);
  const Variable h = w * 1;
  expect_error([&] { log(h); }, {"log: the output, [2, 2] float32 cpu, is -inf at [0, 1]"});
  CHECK(tape.size() == 1);
}

TEST_CASE("an input that is not finite is named instead of the output") {
  const Variable x = watch(tensor<float>({1, NAN}), "x"), unnamed = watch(tensor<float>({INFINITY}));
  Tape tape({.detect_anomaly = true});
  expect_error([&] { exp(x); }, {"exp: input 0, the leaf 'x', [2] float32 cpu, is nan at [1]"});
  expect_error([&] { exp(unnamed); }, {"input 0, a leaf without a name, [1]"});
  expect_error([&] { watch(ones({1})) * tensor<float>({NAN}); }, {"mul: input 1, [1] float32 cpu, is nan at [0]"});
}

TEST_CASE("a gradient that is not finite names record and input") {
  const Variable x = watch(tensor<float>({4, 0}), "x");
  Tape tape({.detect_anomaly = true});
  const Variable y = sum(sqrt(x));
  expect_error([&] { tape.backward(y); },
               {"backward: the gradient of input 0 of record 0 (sqrt), the leaf 'x', [2] float32 cpu, is inf at [1]"});
  CHECK_FALSE(x.grad().defined());
}

TEST_CASE("gradients that overflow only in their sum are found too, of leaves and of records") {
  const Variable x = watch(tensor<float>({0.1f, 0.1f}), "x");
  const Tensor large = tensor<float>({1, 3e38f});
  {
    Tape tape({.detect_anomaly = true});
    const Variable y = sum(x * large - (-x) * large) * 1e-30;
    expect_error([&] { tape.backward(y, full({}, 1e30)); }, {"the summed gradient of the leaf 'x'", "is inf at [1]"});
  }
  Tape tape({.detect_anomaly = true});
  const Variable h = x * 0.5, y = sum(h * large - (-h) * large) * 1e-30;
  expect_error([&] { tape.backward(y, full({}, 1e30)); }, {"the summed gradient of record 0 (mul)", "is inf at [1]"});
  expect_error([&] { tape.backward(sum(x), tensor<float>({NAN}).reshape({})); }, {"summed gradient of record", "nan"});
}

TEST_CASE("products and slices are checked one by one") {
  const Variable w = watch(ones({2, 2}), "w");
  Tape tape({.detect_anomaly = true});
  const Variable y = sum(linear(ones({1, 2}), w)) + sum(sqrt(select(w, 0, 0) - 1));
  expect_error([&] { tape.backward(y); }, {"(sqrt)", "is inf at [0]"});
  Tape good({.detect_anomaly = true});
  good.backward(sum(linear(ones({1, 2}), w)) + sum(select(w, 0, 0)));
  CHECK(w.grad().to_vector<float>() == std::vector<float>{2, 2, 1, 1});
}

TEST_CASE("first_anomaly computes a loss again and says what was not finite first, forward or backward") {
  const Variable x = watch(tensor<float>({4, 0}), "x");
  CHECK(first_anomaly([&] { return sum(exp(log(x))); }) ==
        "log: the output (from the leaf 'x'), [2] float32 cpu, is -inf at [1], the first such element");
  CHECK(first_anomaly([&] { return sum(sqrt(x)); }) ==
        "gradient: the gradient of input 0 of record 0 (sqrt), the leaf 'x', [2] float32 cpu, is inf at [1], the first "
        "such element");
  CHECK(first_anomaly([&] { return sum(x * x); }).empty());
  CHECK_FALSE(x.grad().defined());
  CHECK(first_anomaly([&] { return Variable(tensor<float>({NAN}).reshape({})); }).empty());  // nothing is recorded
}

TEST_CASE("without the option nothing is checked") {
  const Variable x = watch(tensor<float>({0}));
  Tape tape;
  tape.backward(sum(log(x)));
  CHECK(std::isinf(x.grad().item()));
}
