// tests/autograd/functions.cpp: every function once through both gradient checks, on small shapes
#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "autograd/autograd.h"
#include "expect_error.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"
#include "tensor/random.h"

using namespace weft;

namespace {

using Vars = std::vector<Variable>;

struct Row {
  std::string name;
  std::function<Variable(const Vars&)> call;
  std::vector<Shape> shapes;
  bool positive = false;  ///< inputs in 0.5 .. 2, for log, sqrt and the like
};

std::vector<Tensor> inputs_of(const Row& row) {
  RandomStream stream(3, 0);
  std::vector<Tensor> inputs;
  const TensorOptions options{.dtype = DType::float64};
  for (const Shape& shape : row.shapes)
    inputs.push_back(row.positive ? random_uniform(shape, stream, 0.5, 2, options)
                                  : random_normal(shape, stream, 0, 1, options));
  return inputs;
}

#define UNARY(function)                                                        \
  Row {                                                                        \
#function, [](const Vars& v) { return function(v[0]); }, {{2, 3 } }, false \
  }
#define POSITIVE(function)                                                    \
  Row {                                                                       \
#function, [](const Vars& v) { return function(v[0]); }, {{2, 3 } }, true \
  }

const std::vector<Row>& elementwise_rows() {
  static const std::vector<Row> rows = {
      UNARY(neg),
      UNARY(abs),
      UNARY(square),
      UNARY(exp),
      POSITIVE(log),
      POSITIVE(log1p),
      POSITIVE(sqrt),
      POSITIVE(rsqrt),
      POSITIVE(reciprocal),
      UNARY(sin),
      UNARY(cos),
      UNARY(tanh),
      UNARY(sigmoid),
      UNARY(relu),
      {"add", [](const Vars& v) { return v[0] + v[1]; }, {{2, 3}, {3}}},
      {"sub", [](const Vars& v) { return v[0] - v[1]; }, {{2, 1}, {2, 3}}},
      {"mul", [](const Vars& v) { return v[0] * v[1]; }, {{2, 3}, {}}},
      {"div", [](const Vars& v) { return v[0] / v[1]; }, {{3}, {2, 3}}, true},
      {"pow", [](const Vars& v) { return pow(v[0], v[1]); }, {{2, 3}, {2, 1}}, true},
      {"pow scalar", [](const Vars& v) { return pow(v[0], 2.5); }, {{2, 3}}, true},
      {"maximum", [](const Vars& v) { return maximum(v[0], v[1]); }, {{2, 3}, {3}}},
      {"minimum", [](const Vars& v) { return minimum(v[0], v[1]); }, {{2, 3}, {3}}},
      {"scalars", [](const Vars& v) { return 2 - (3 / (v[0] * 2 + 1)) / 4 + 5 * v[0] - 1; }, {{2, 3}}, true},
      {"where",
       [](const Vars& v) {
         return where(tensor<bool>({true, false, true}), v[0], v[1]);
       },
       {{2, 3}, {2, 1}}},
  };
  return rows;
}

const std::vector<Row>& shape_rows() {
  static const std::vector<Row> rows = {
      {"sum", [](const Vars& v) { return sum(v[0], {1}); }, {{2, 3, 2}}},
      {"sum all", [](const Vars& v) { return sum(v[0]); }, {{2, 3}}},
      {"mean",
       [](const Vars& v) {
         return mean(v[0], {0, -1}, Keep::dim);
       },
       {{2, 3, 2}}},
      {"max", [](const Vars& v) { return max(v[0], {1}); }, {{2, 3, 2}}},
      {"min", [](const Vars& v) { return min(v[0], {}, Keep::dim); }, {{2, 3}}},
      {"prod", [](const Vars& v) { return prod(v[0], {-1}); }, {{2, 3}}, true},
      {"sum_to_size",
       [](const Vars& v) {
         return sum_to_size(v[0], {3, 1});
       },
       {{2, 3, 2}}},
      {"reshape",
       [](const Vars& v) {
         return reshape(v[0], {3, -1});
       },
       {{2, 3}}},
      {"flatten", [](const Vars& v) { return flatten(v[0], 1); }, {{2, 3, 2}}},
      {"transpose", [](const Vars& v) { return transpose(v[0], 0, -1); }, {{2, 3, 2}}},
      {"permute",
       [](const Vars& v) {
         return permute(v[0], {2, 0, 1});
       },
       {{2, 3, 4}}},
      {"expand",
       [](const Vars& v) {
         return expand(v[0], {2, 3, 4});
       },
       {{3, 1}}},
      {"unsqueeze", [](const Vars& v) { return unsqueeze(v[0], -1); }, {{2, 3}}},
      {"squeeze", [](const Vars& v) { return squeeze(v[0], 1); }, {{2, 1, 3}}},
      {"slice", [](const Vars& v) { return slice(v[0], 1, 1, 5, 2); }, {{2, 5}}},
      {"slice from the end", [](const Vars& v) { return slice(v[0], -1, -3, -1); }, {{2, 5}}},
      {"select", [](const Vars& v) { return select(v[0], 1, -1); }, {{2, 3, 2}}},
      {"to its own dtype", [](const Vars& v) { return to(v[0], DType::float64); }, {{2}}},
      {"cat",
       [](const Vars& v) {
         return cat({v[0], v[1], v[0]}, -1);
       },
       {{2, 3}, {2, 1}}},
      {"stack",
       [](const Vars& v) {
         return stack({v[0], v[1]}, -1);
       },
       {{2, 3}, {2, 3}}},
      {"pad",
       [](const Vars& v) {
         return pad(v[0], {Padding{1, 0}, Padding{2, 1}}, 3);
       },
       {{2, 2, 3}}},
  };
  return rows;
}

const std::vector<Row>& product_rows() {
  static const Window2d window{.stride = {2, 1}, .padding = {1, 1}};
  static const Tensor index = tensor<int64_t>({0, 2, 2, 1}, Shape{2, 2});
  static const std::vector<Row> rows = {
      {"matmul", [](const Vars& v) { return matmul(v[0], v[1]); }, {{2, 3}, {3, 4}}},
      {"matmul batches", [](const Vars& v) { return matmul(v[0], v[1]); }, {{2, 1, 2, 3}, {3, 3, 2}}},
      {"matmul into matrix", [](const Vars& v) { return matmul(v[0], v[1]); }, {{2, 2, 3}, {3, 2}}},
      {"matmul row", [](const Vars& v) { return matmul(v[0], v[1]); }, {{3}, {2, 3, 2}}},
      {"matmul column", [](const Vars& v) { return matmul(v[0], v[1]); }, {{2, 2, 3}, {3}}},
      {"matmul dot", [](const Vars& v) { return matmul(v[0], v[1]); }, {{3}, {3}}},
      {"linear", [](const Vars& v) { return linear(v[0], v[1], v[2]); }, {{2, 2, 3}, {4, 3}, {4}}},
      {"linear vector", [](const Vars& v) { return linear(v[0], v[1]); }, {{3}, {4, 3}}},
      {"conv2d", [](const Vars& v) { return conv2d(v[0], v[1], v[2], window); }, {{2, 2, 4, 3}, {3, 2, 3, 2}, {3}}},
      {"conv2d_input_gradient",
       [](const Vars& v) {
         return conv2d_input_gradient(v[0], v[1], {4, 3}, window);
       },
       {{1, 3, 2, 4}, {3, 2, 3, 2}}},
      {"conv2d_weight_gradient",
       [](const Vars& v) {
         return conv2d_weight_gradient(v[0], v[1], {3, 2}, window);
       },
       {{1, 2, 4, 3}, {1, 3, 2, 4}}},
      {"max_pool2d",
       [](const Vars& v) {
         return max_pool2d(v[0], 2, 3, {.stride = {2, 1}, .padding = {0, 1}});
       },
       {{2, 2, 4, 4}}},
      {"gather", [](const Vars& v) { return gather(v[0], 1, index); }, {{2, 3}}},
      {"scatter_add", [](const Vars& v) { return scatter_add(v[0], 1, index, v[1]); }, {{2, 3}, {2, 2}}},
      {"index_select",
       [](const Vars& v) {
         return index_select(v[0], 1, tensor<int64_t>({2, 0, 2}));
       },
       {{2, 3, 2}}},
      {"softmax", [](const Vars& v) { return softmax(v[0], 0); }, {{3, 2}}},
      {"log_softmax", [](const Vars& v) { return log_softmax(v[0]); }, {{2, 3}}},
      {"softmax_cross_entropy",
       [](const Vars& v) {
         return softmax_cross_entropy(v[0], tensor<int64_t>({2, 0}));
       },
       {{2, 3}}},
  };
  return rows;
}

void check_rows(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(gradcheck(row.call, inputs_of(row)) == "");
    CHECK(gradgradcheck(row.call, inputs_of(row)) == "");
  }
}

}  // namespace

TEST_CASE("element-wise functions") { check_rows(elementwise_rows()); }
TEST_CASE("reductions and views") { check_rows(shape_rows()); }
TEST_CASE("products, windows, indices, softmax") { check_rows(product_rows()); }

TEST_CASE("equal extremes share the gradient") {
  const Variable a = watch(tensor<double>({1, 5, 5, 5})), b = watch(tensor<double>({1, 5, 2, 7}));
  Tape tape;
  CHECK(tape.gradient(max(a), {a})[0].value().to_vector<double>() == std::vector<double>{0, 1 / 3., 1 / 3., 1 / 3.});
  const auto both = tape.gradient(maximum(a, b), {a, b});
  CHECK(both[0].value().to_vector<double>() == std::vector<double>{0.5, 0.5, 1, 0});
  CHECK(both[1].value().to_vector<double>() == std::vector<double>{0.5, 0.5, 0, 1});
}

TEST_CASE("corners where a formula would give NaN") {
  const Variable zero = watch(tensor<double>({0}));
  Tape tape;
  CHECK(tape.gradient(pow(zero, 0), {zero})[0].item() == 0);
  CHECK(tape.gradient(pow(zero, Variable(tensor<double>({0}))), {zero})[0].item() == 0);
  CHECK(tape.gradient(pow(zero, 1), {zero})[0].item() == 1);
  const Variable two = watch(tensor<double>({2}));
  CHECK(tape.gradient(pow(zero, two), {two})[0].item() == 0);
  CHECK(tape.gradient(abs(zero), {zero})[0].item() == 0);
  CHECK(tape.gradient(relu(zero), {zero})[0].item() == 0);
}

TEST_CASE("0^0: first and second derivatives are finite") {
  const Variable a = watch(tensor<double>({0, 2, 0})), b = watch(tensor<double>({0, 0, 1}));
  Tape tape;
  const auto first = tape.gradient(pow(a, b), {a, b}, CreateGraph::yes);
  CHECK(first[0].value().to_vector<double>() == std::vector<double>{0, 0, 1});
  CHECK(first[1].value().to_vector<double>() == std::vector<double>{0, std::log(2.0), 0});
  const auto of_da = tape.gradient(first[0], {a, b}, CreateGraph::yes);
  const auto of_db = tape.gradient(first[1], {a, b});
  CHECK(of_da[0].value().to_vector<double>() == std::vector<double>{0, 0, 0});
  CHECK(of_da[1].value().at({0}) == 0);
  CHECK(of_da[1].value().at({1}) == 0.5);  // d^2 a^b / da db = 1 / a at b = 0
  CHECK(of_db[0].value().at({0}) == 0);
  CHECK(of_db[0].value().at({1}) == 0.5);
  CHECK(of_db[1].value().at({0}) == 0);
  CHECK(of_db[1].value().at({1}) == doctest::Approx(std::log(2.0) * std::log(2.0)));
}

TEST_CASE("an exponent has the logarithm of its own precision, also on a whole base") {
  const Tensor base = tensor<int64_t>({3, 7});
  const Variable exponent = watch(tensor<double>({2, 0.5}));
  Tape tape;
  const Variable gradient = tape.gradient(pow(base, exponent), {exponent})[0];
  CHECK(gradient.value().at({0}) == doctest::Approx(9 * std::log(3.0)).epsilon(1e-14));
  CHECK(gradient.value().at({1}) == doctest::Approx(std::sqrt(7.0) * std::log(7.0)).epsilon(1e-14));
}

TEST_CASE("prod: the product of the others, also where they are 0") {
  const auto gradient_of = [](Tensor value) {
    const Variable x = watch(std::move(value));
    Tape tape;
    return tape.gradient(prod(x), {x})[0].value().to_vector<double>();
  };
  CHECK(gradient_of(tensor<double>({0, 2, 3})) == std::vector<double>{6, 0, 0});
  CHECK(gradient_of(tensor<double>({0, 0, 3})) == std::vector<double>{0, 0, 0});
  CHECK(gradient_of(tensor<double>({5})) == std::vector<double>{1});
  CHECK(gradient_of(tensor<double>({1e-200, 1e-200})) == std::vector<double>{1e-200, 1e-200});  // y is 0, x is not

  const Variable x = watch(tensor<double>({0, 0, 3}));
  Tape tape;
  const Variable first = tape.gradient(prod(x), {x}, CreateGraph::yes)[0];
  CHECK(tape.gradient(first, {x})[0].value().to_vector<double>() == std::vector<double>{3, 3, 0});
}

TEST_CASE("a NaN that wins gets the gradient") {
  const double nan = std::nan("");
  const Variable a = watch(tensor<double>({nan, 1, nan, 1})), b = watch(tensor<double>({2, nan, nan, 2}));
  Tape tape;
  for (const auto& y : {maximum(a, b), minimum(a, b)}) {
    const auto both = tape.gradient(slice(y, 0, 0, 3), {a, b}, CreateGraph::yes);
    CHECK(both[0].value().to_vector<double>() == std::vector<double>{1, 0, 0.5, 0});
    CHECK(both[1].value().to_vector<double>() == std::vector<double>{0, 1, 0.5, 0});
  }
  CHECK(tape.gradient(relu(a), {a})[0].value().to_vector<double>() == std::vector<double>{1, 1, 1, 1});
  CHECK(tape.gradient(max(a), {a})[0].value().to_vector<double>() == std::vector<double>{0.5, 0, 0.5, 0});
  CHECK(tape.gradient(min(a), {a})[0].value().to_vector<double>() == std::vector<double>{0.5, 0, 0.5, 0});
}

TEST_CASE("gradients are cast back to the dtype of their operand") {
  const Variable narrow = watch(ones({2}, {.dtype = DType::float32}));
  const Variable wide = watch(ones({2}, {.dtype = DType::float64}));
  Tape tape;
  tape.backward(sum(narrow * wide + where(tensor<bool>({true, false}), to(narrow, DType::float64), wide)));
  CHECK(narrow.grad().dtype() == DType::float32);
  CHECK(wide.grad().dtype() == DType::float64);
  CHECK(narrow.grad().to_vector<float>() == std::vector<float>{2, 1});
}

TEST_CASE("errors of linear, conv2d and cross_entropy say what does not fit") {
  const Variable x = ones({2, 3}), weight = ones({4, 3});
  expect_error([&] { linear(x, ones({3, 4})); }, {"linear: inner sizes differ", "[2, 3] float32", "[3, 4]", "hint"});
  expect_error([&] { linear(x, ones({4, 3, 1})); }, {"linear: weight has 3 axes"});
  expect_error([&] { linear(x, weight, ones({3})); }, {"linear: bias does not fit", "[3] float32"});
  expect_error([&] { linear(x, to(weight, DType::float64)); }, {"linear: x and weight need one floating dtype"});
  expect_error([&] { linear(x, weight.value().to(reference)); }, {"linear: devices differ", "reference"});
  expect_error([&] { conv2d(ones({1, 1, 4, 4}), ones({2, 1, 3, 3}), ones({1})); }, {"conv2d: bias does not fit"});

  const Variable logits = zeros({20, 10});
  const Tensor target = zeros({20}, {.dtype = DType::int64});
  target.set({17}, 10);
  expect_error([&] { softmax_cross_entropy(logits, target); },
               {"cross_entropy: target[17] = 10, but there are 10 classes (0..9)"});
  target.set({17}, -1);
  expect_error([&] { softmax_cross_entropy(logits, target); }, {"cross_entropy: target[17] = -1"});
  expect_error([&] { softmax_cross_entropy(logits, zeros({20})); }, {"cross_entropy: target is [20] float32"});
  expect_error([&] { softmax_cross_entropy(zeros({20}), target); }, {"cross_entropy: logits are [20]"});
}

TEST_CASE("cat and stack of several dtypes: each gradient in the dtype of its own") {
  const Variable a = watch(tensor<float>({1, 2})), b = watch(tensor<double>({3, 4}));
  const Tensor n = tensor<int64_t>({5, 6});
  for (const bool stacked : {false, true}) {
    a.zero_grad();
    b.zero_grad();
    Tape tape;
    const Variable y = stacked ? stack({a, n, b}) : cat({a, n, b});
    CHECK(y.value().to_vector<double>() == std::vector<double>{1, 2, 5, 6, 3, 4});
    tape.backward(sum(y * y));
    CHECK(a.grad().dtype() == DType::float32);
    CHECK(a.grad().to_vector<double>() == std::vector<double>{2, 4});
    CHECK(b.grad().dtype() == DType::float64);
    CHECK(b.grad().to_vector<double>() == std::vector<double>{6, 8});
  }
}
