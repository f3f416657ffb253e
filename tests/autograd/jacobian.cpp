// tests/autograd/jacobian.cpp: whole derivatives against formulas, and against each other
#include "autograd/jacobian.h"

#include <doctest/doctest.h>

#include <cmath>

#include "autograd/autograd.h"
#include "expect_error.h"
#include "tensor/create.h"
#include "tensor/matmul.h"

using namespace weft;
using Numbers = std::vector<double>;

TEST_CASE("the Jacobian of a product is its matrix, and has both shapes") {
  const Tensor a = tensor<double>({1, 2, 3, 4, 5, 6}).reshape({2, 3}), x = tensor<double>({7, 8, 9}).reshape({3, 1});
  const Tensor j = jacobian([&](const Variable& v) { return matmul(Variable(a), v); }, x);
  CHECK(j.shape() == Shape{2, 1, 3, 1});
  CHECK(j.to_vector<double>() == a.to_vector<double>());
}

TEST_CASE("Jacobians of several inputs") {
  const auto f = [](const std::vector<Variable>& xs) { return xs[0] * xs[1]; };
  const auto j = jacobian(f, {tensor<double>({2, 3}), tensor<double>({5, 7})});
  CHECK(j[0].to_vector<double>() == Numbers{5, 0, 0, 7});
  CHECK(j[1].to_vector<double>() == Numbers{2, 0, 0, 3});
}

TEST_CASE("the identity, a constant, a scalar and an empty result") {
  const Tensor x = tensor<double>({2, 3});
  CHECK(jacobian([](const Variable& v) { return v; }, x).to_vector<double>() == Numbers{1, 0, 0, 1});
  CHECK(jacobian([&](const Variable&) { return Variable(x); }, x).to_vector<double>() == Numbers{0, 0, 0, 0});
  CHECK(jacobian([](const Variable& v) { return sum(v * v); }, x).shape() == Shape{2});
  CHECK(jacobian([](const Variable& v) { return slice(v, 0, 0, 0); }, x).shape() == Shape{0, 2});
}

TEST_CASE("the Hessian of x^2 y + exp(y), and its products") {
  const Tensor x = tensor<double>({3, 0.5});
  const auto f = [](const Variable& v) {
    const Variable a = select(v, 0, 0), b = select(v, 0, 1);
    return a * a * b + exp(b);
  };
  const Tensor h = hessian(f, x);
  CHECK(h.shape() == Shape{2, 2});
  CHECK(h.at({0, 0}) == 1);
  CHECK(h.at({0, 1}) == 6);
  CHECK(h.at({1, 0}) == 6);
  CHECK(h.at({1, 1}) == doctest::Approx(std::exp(0.5)));
  const auto [y, product] = hvp(f, x, tensor<double>({2, -1}));
  CHECK(y.item() == doctest::Approx(4.5 + std::exp(0.5)));
  CHECK(product.at({0}) == doctest::Approx(-4));
  CHECK(product.at({1}) == doctest::Approx(12 - std::exp(0.5)));
}

TEST_CASE("second derivatives of what is linear or constant are zero") {
  const Tensor x = tensor<double>({3, 0.5});
  const auto linear = [](const Variable& v) { return sum(v); };
  const auto constant = [](const Variable&) { return Variable(tensor<double>({1})); };
  CHECK(hessian(linear, x).to_vector<double>() == Numbers{0, 0, 0, 0});
  CHECK(hessian(constant, x).to_vector<double>() == Numbers{0, 0, 0, 0});
  CHECK(hvp(linear, x, x).second.to_vector<double>() == Numbers{0, 0});
  CHECK(hvp(constant, x, x).second.to_vector<double>() == Numbers{0, 0});
  CHECK(vjp(constant, x, tensor<double>({1})).second.to_vector<double>() == Numbers{0, 0});
}

TEST_CASE("fused functions are differentiated twice as well") {
  const Tensor target = tensor<int64_t>({1});
  const auto f = [&](const Variable& v) { return softmax_cross_entropy(reshape(v, {1, 2}), target); };
  const Tensor h = hessian(f, tensor<double>({0, 0}));
  CHECK(h.at({0, 0}) == doctest::Approx(0.25));  // p (1 - p)
  CHECK(h.at({0, 1}) == doctest::Approx(-0.25));
}

TEST_CASE("vjp is the transposed Jacobian times dy") {
  const Tensor x = tensor<double>({0.5, 2}), dy = tensor<double>({3, -1});
  const auto f = [](const Variable& v) { return exp(v) * sum(v); };
  const Tensor expected = matmul(jacobian(f, x).transpose(0, 1), dy.reshape({2, 1}));
  const auto [y, dx] = vjp(f, x, dy);
  CHECK(y.at({0}) == doctest::Approx(std::exp(0.5) * 2.5));
  for (int64_t i = 0; i < 2; ++i) CHECK(dx.at({i}) == doctest::Approx(expected.at({i, 0})));
}

TEST_CASE("per-sample gradients add up to that of the batch, which they leave alone") {
  const Variable w = watch(tensor<double>({1, 2, 3, 4}).reshape({2, 2}));
  const Tensor x = tensor<double>({1, -1, 2, 0.5, 3, 1}).reshape({3, 2});
  const auto loss = [&](const Variable& batch) { return sum(tanh(linear(batch, w))); };
  const std::vector<Variable> parameters{w};
  const Tensor each = per_sample_gradients([&](int64_t i) { return loss(x.slice(0, i, i + 1)); }, 3, parameters)[0];
  CHECK(each.shape() == Shape{3, 2, 2});
  CHECK_FALSE(w.grad().defined());
  Tape tape;
  tape.backward(loss(x));
  const Tensor total = sum(each, {0});
  for (int64_t i = 0; i < 4; ++i)
    CHECK(total.at({i / 2, i % 2}) == doctest::Approx(w.grad().at({i / 2, i % 2})).epsilon(1e-12));
}

TEST_CASE("results and directions that do not fit are refused") {
  const Tensor x = tensor<double>({1, 2}), one = tensor<double>({1});
  const auto square = [](const Variable& v) { return v * v; };
  expect_error([&] { hessian(square, x); }, {"hessian: f gave 2 elements, [2] float64 cpu", "use jacobian"});
  expect_error([&] { hvp(square, x, x); }, {"hvp: f gave 2 elements"});
  expect_error([&] { hvp(square, x, one); }, {"hvp: v is [1] float64 cpu, x is [2] float64 cpu"});
  expect_error([&] { vjp(square, x, one); }, {"vjp: dy is [1] float64 cpu, f gave [2] float64 cpu"});
  expect_error([&] { per_sample_gradients([&](int64_t) { return Variable(one); }, 0, {}); },
               {"per_sample_gradients: count is 0"});
  const std::vector<Variable> parameters{watch(x)};
  expect_error([&] { per_sample_gradients([&](int64_t) { return square(parameters[0]); }, 1, parameters); },
               {"per_sample_gradients: f gave 2 elements"});
}

TEST_CASE("a dy or v that is undefined is refused before f is called") {
  const auto f = [](const Variable&) -> Variable {
    FAIL("called");
    return {};
  };
  const Tensor x = tensor<double>({1});
  expect_error([&] { vjp(f, x, Tensor()); }, {"vjp: ", "is undefined"});
  expect_error([&] { hvp(f, x, Tensor()); }, {"hvp: ", "is undefined"});
  expect_error([&] { hvp(f, Tensor(), x); }, {"hvp: ", "is undefined"});
}
