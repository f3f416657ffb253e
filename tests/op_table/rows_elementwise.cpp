// tests/op_table/rows_elementwise.cpp: functions of one element, and broadcasting functions of two
#include "autograd/elementwise.h"
#include "autograd/view.h"
#include "tests/op_table/rows_of_elements.h"

namespace weft::op_table {

namespace {

std::vector<Row> unary_rows() {
  return {
      unary_row(
          "neg", [](V x) { return neg(x); }, normal(), kNumbers),
      unary_row(
          "abs", [](V x) { return abs(x); }, away_from_zero(), kNumbers),
      unary_row(
          "square", [](V x) { return square(x); }, normal(), kNumbers),
      unary_row(
          "exp", [](V x) { return exp(x); }, normal(0, 2), kAll),
      unary_row(
          "log", [](V x) { return log(x); }, uniform(0.2, 5), kAll),
      unary_row(
          "log1p", [](V x) { return log1p(x); }, uniform(-0.7, 3), kAll),
      unary_row(
          "sqrt", [](V x) { return sqrt(x); }, uniform(0.3, 9), kAll),
      unary_row(
          "rsqrt", [](V x) { return rsqrt(x); }, uniform(0.3, 9), kAll),
      unary_row(
          "reciprocal", [](V x) { return reciprocal(x); }, away_from_zero(), kAll),
      unary_row(
          "sin", [](V x) { return sin(x); }, normal(0, 3), kAll),
      unary_row(
          "cos", [](V x) { return cos(x); }, normal(0, 3), kAll),
      unary_row(
          "tanh", [](V x) { return tanh(x); }, normal(), kAll),
      unary_row(
          "sigmoid", [](V x) { return sigmoid(x); }, normal(0, 3), kAll),
      unary_row(
          "relu", [](V x) { return relu(x); }, away_from_zero(), kNumbers),
      unary_row(
          "add number", [](V x) { return x + 1.75; }, normal()),
      unary_row(
          "mul number", [](V x) { return x * -2.5; }, normal()),
      unary_row(
          "sub number", [](V x) { return x - 1.75; }, normal()),
      unary_row(
          "sub from number", [](V x) { return 1.5 - x; }, normal()),
      unary_row(
          "div number", [](V x) { return x / 49; }, normal(0, 60), kAll),
      unary_row(
          "div of number", [](V x) { return 2.0 / x; }, away_from_zero(), kAll),
      unary_row(
          "pow number 3", [](V x) { return pow(x, 3); }, away_from_zero()),
      unary_row(
          "pow number 0.5", [](V x) { return pow(x, 0.5); }, uniform(0.3, 4)),
  };
}

std::vector<Row> unary_tensor_rows() {
  return {
      tensor_row(
          "exp far out", [](T x) { return exp(x); }, {normal(0, 60)}, kFloats),
      tensor_row(
          "tanh far out", [](T x) { return tanh(x); }, {normal(0, 30)}, kFloats),
      tensor_row(
          "tanh near zero", [](T x) { return tanh(x); }, {normal(0, 1e-4)}, kFloats),
      tensor_row(
          "log1p near zero", [](T x) { return log1p(x); }, {normal(0, 1e-6)}, kFloats),
      tensor_row(
          "sigmoid far out", [](T x) { return sigmoid(x); }, {normal(0, 60)}, kFloats),
      tensor_row(
          "add whole number", [](T x) { return x + 3; }, {normal()}, kAll),
      tensor_row(
          "mul fraction", [](T x) { return x * 0.5; }, {normal()}, kAll),
      tensor_row(
          "less number", [](T x) { return less(x, 1); }, {whole(-2, 2)}, kNumbers),
      tensor_row("to float32", [](T x) { return x.to(DType::float32); }),
      tensor_row("to float64", [](T x) { return x.to(DType::float64); }),
      tensor_row("to bool", [](T x) { return x.to(DType::boolean); }),
  };
}

// Casts of inf and nan to integers have no value; so corners stay out.
std::vector<Row> cast_rows() {
  std::vector<Row> rows;
  for (const DType dtype : {DType::int64, DType::int32, DType::uint8}) {
    Row row = tensor_row("to " + std::string(name_of(dtype)), [dtype](T x) { return x.to(dtype); }, {uniform(0, 99)});
    row.corners = Corners::none;
    rows.push_back(std::move(row));
  }
  return rows;
}

/// A fresh tensor of a's dtype, in the shape a and b broadcast to.
Tensor blank(T a, T b) { return equal(a, b).to(a.dtype()); }

Tensor with_turned_strides(T x) { return x.rank() < 2 ? x : x.transpose(0, -1).contiguous().transpose(0, -1); }

std::vector<Row> in_place_rows() {
  Row copy = tensors_row("copy_", [](T a, T b) { return blank(a, b).copy_(b); });
  copy.rejects = {{{"[5, 3]", "[5, 2]"},
                   [] {
                     zeros({5, 3}).copy_(zeros({5, 2}));
                   }},
                  {{"share memory", "clone()"}, [] {
                     zeros({5, 1}).expand({5, 2}).copy_(ones({5, 2}));
                   }}};
  Row turned = tensors_row("copy_ transposed", [](T a, T b) { return with_turned_strides(blank(a, b)).copy_(b); });
  turned.rejects.clear();
  Row add = tensors_row(
      "add_", [](T a, T b) { return zeros_like(a + b).add_(a + b, -0.5); }, {normal()}, kFloats);
  add.rejects = {{{"[5, 3]", "[5, 2]"},
                  [] {
                    zeros({5, 3}).add_(zeros({5, 2}));
                  }},
                 {{"share memory", "clone()"}, [] {
                    zeros({5, 1}).expand({5, 2}).add_(ones({5, 2}));
                  }}};
  return {copy,
          turned,
          add,
          tensor_row("fill_", [](T x) { return zeros_like(x).fill_(3); }),
          tensor_row(
              "mul_", [](T x) { return x.clone().mul_(3); }, {normal()}, kNumbers),
          tensor_row(
              "mul_ transposed", [](T x) { return with_turned_strides(x.clone()).mul_(-2); }, {normal()}, kFloats)};
}

std::vector<Row> binary_rows() {
  return {
      binary_row("add", [](V a, V b) { return a + b; }, {normal()}),
      binary_row("sub", [](V a, V b) { return a - b; }, {normal()}),
      binary_row("mul", [](V a, V b) { return a * b; }, {normal()}),
      binary_row("div", [](V a, V b) { return a / b; }, {normal(), away_from_zero()}),
      binary_row("pow", [](V a, V b) { return pow(a, b); }, {uniform(0.3, 3), normal()}),
      binary_row("maximum", [](V a, V b) { return maximum(a, b); }, {distinct()}),
      binary_row("minimum", [](V a, V b) { return minimum(a, b); }, {distinct()}),
  };
}

std::vector<Row> binary_tensor_rows() {
  return {
      tensors_row("equal", [](T a, T b) { return equal(a, b); }),
      tensors_row("not_equal", [](T a, T b) { return not_equal(a, b); }),
      tensors_row("less", [](T a, T b) { return less(a, b); }),
      tensors_row("less_equal", [](T a, T b) { return less_equal(a, b); }),
      tensors_row("greater", [](T a, T b) { return greater(a, b); }),
      tensors_row("greater_equal", [](T a, T b) { return greater_equal(a, b); }),
      tensors_row(
          "maximum of equals", [](T a, T b) { return maximum(a, b); }, {whole(-2, 2)}, kNumbers),
      tensors_row(
          "pow whole", [](T a, T b) { return pow(a, b); }, {whole(-3, 3)}, kFloats),
      tensors_row(
          "add int64", [](T a, T b) { return a + b; }, {normal(), index(9)}, kAll),
      tensors_row(
          "less int64", [](T a, T b) { return less(a, b); }, {whole(0, 8), index(9)}, kNumbers),
  };
}

std::vector<Row> elementwise_rows() {
  std::vector<Row> rows;
  for (const auto family : {unary_rows, unary_tensor_rows, cast_rows, in_place_rows, binary_rows, binary_tensor_rows})
    for (Row& row : family()) rows.push_back(std::move(row));
  return rows;
}

const Family elementwise(elementwise_rows);

}  // namespace

}  // namespace weft::op_table
