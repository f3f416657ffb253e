// tests/op_table/rows_analysis.cpp: exponentials, logarithms, circular and hyperbolic functions
#include "autograd/elementwise.h"
#include "tests/op_table/rows_of_elements.h"

namespace weft::op_table {

namespace {

std::vector<Row> one_operand() {
  return with_few_shapes({
      unary_row(
          "exp2", [](V x) { return exp2(x); }, normal(0, 3), kAll),
      unary_row(
          "expm1", [](V x) { return expm1(x); }, normal(0, 2), kAll),
      unary_row(
          "log2", [](V x) { return log2(x); }, uniform(0.2, 5), kAll),
      unary_row(
          "log10", [](V x) { return log10(x); }, uniform(0.2, 5), kAll),
      unary_row(
          "erf", [](V x) { return erf(x); }, normal(), kAll),
      unary_row(
          "erfc", [](V x) { return erfc(x); }, normal(), kAll),
      unary_row(
          "tan", [](V x) { return tan(x); }, uniform(-1.2, 1.2), kAll),
      unary_row(
          "asin", [](V x) { return asin(x); }, uniform(-0.9, 0.9), kAll),
      unary_row(
          "acos", [](V x) { return acos(x); }, uniform(-0.9, 0.9), kAll),
      unary_row(
          "atan", [](V x) { return atan(x); }, normal(0, 3), kAll),
      unary_row(
          "sinh", [](V x) { return sinh(x); }, normal(), kAll),
      unary_row(
          "cosh", [](V x) { return cosh(x); }, normal(), kAll),
      tensor_row(
          "expm1 near zero", [](T x) { return expm1(x); }, {normal(0, 1e-6)}, kFloats),
      tensor_row(
          "erfc far out", [](T x) { return erfc(x); }, {uniform(2, 9)}, kFloats),
  });
}

std::vector<Row> two_operands() {
  return with_few_shapes({
      binary_row(
          "atan2", [](V a, V b) { return atan2(a, b); }, {away_from_zero()}, kAll),
      binary_row(
          "hypot", [](V a, V b) { return hypot(a, b); }, {away_from_zero()}, kAll),
  });
}

std::vector<Row> with_numbers() {
  return with_few_shapes({
      unary_row(
          "pow of number", [](V x) { return pow(2.5, x); }, normal(), kFloats),
      with_fraction(unary_row(
          "maximum with number", [](V x) { return maximum(x, 0.25); }, distinct(), kFloats)),
      with_fraction(unary_row(
          "minimum with number", [](V x) { return minimum(x, 0.25); }, distinct(), kFloats)),
      unary_row(
          "atan2 of number", [](V x) { return atan2(2, x); }, normal(), kFloats),
      unary_row(
          "atan2 with number", [](V x) { return atan2(x, -2); }, away_from_zero(), kFloats),
      unary_row(
          "hypot with number", [](V x) { return hypot(x, 3); }, normal(), kFloats),
  });
}

const Family analysis(one_operand), points(two_operands), numbers(with_numbers);

}  // namespace

}  // namespace weft::op_table
