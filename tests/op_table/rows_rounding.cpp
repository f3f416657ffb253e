// tests/op_table/rows_rounding.cpp: to whole numbers, and division with a remainder
#include "autograd/elementwise.h"
#include "tests/op_table/rows_of_elements.h"

namespace weft::op_table {

namespace {

const std::vector<DType> kSignedNumbers = {DType::float32, DType::float64, DType::int64, DType::int32};

std::vector<Row> rounding_rows() {
  Row halves = tensor_row(
      "round halves", [](T x) { return round(0.5 * x); }, {whole(-9, 9)}, kFloats);
  halves.makes_dtype = true;
  return with_few_shapes({
      first_order(unary_row(
          "floor", [](V x) { return floor(x); }, normal(0, 20), kNumbers)),
      first_order(unary_row(
          "ceil", [](V x) { return ceil(x); }, normal(0, 20), kNumbers)),
      first_order(unary_row(
          "round", [](V x) { return round(x); }, normal(0, 20), kNumbers)),
      first_order(unary_row(
          "trunc", [](V x) { return trunc(x); }, normal(0, 20), kNumbers)),
      first_order(unary_row(
          "sign", [](V x) { return sign(x); }, away_from_zero(), kNumbers)),
      halves,
  });
}

std::vector<Row> division_rows() {
  return with_few_shapes({
      first_order(binary_row(
          "floor_divide", [](V a, V b) { return floor_divide(a, b); }, {normal(0, 9), whole(1, 5)}, kNumbers)),
      first_order(binary_row(
          "remainder", [](V a, V b) { return remainder(a, b); }, {normal(0, 9), whole(1, 5)}, kNumbers)),
      first_order(binary_row(
          "fmod", [](V a, V b) { return fmod(a, b); }, {normal(0, 9), whole(1, 5)}, kNumbers)),
  });
}

std::vector<Row> negative_rows() {
  return with_few_shapes({
      tensors_row(
          "floor_divide by negatives", [](T a, T b) { return floor_divide(a, b); }, {normal(0, 9), whole(-5, -1)},
          kSignedNumbers),
      tensors_row(
          "remainder by negatives", [](T a, T b) { return remainder(a, b); }, {normal(0, 9), whole(-5, -1)},
          kSignedNumbers),
      tensors_row(
          "fmod by negatives", [](T a, T b) { return fmod(a, b); }, {normal(0, 9), whole(-5, -1)}, kSignedNumbers),
  });
}

std::vector<Row> number_rows() {
  return with_few_shapes({
      with_fraction(first_order(unary_row(
          "floor_divide number", [](V x) { return floor_divide(x, 2.5); }, normal(0, 9), kFloats))),
      with_fraction(first_order(unary_row(
          "remainder number", [](V x) { return remainder(x, -2.5); }, normal(0, 9), kFloats))),
      with_fraction(first_order(unary_row(
          "fmod number", [](V x) { return fmod(x, 2.5); }, normal(0, 9), kFloats))),
      tensor_row(
          "remainder of number", [](T x) { return remainder(7, x); }, {whole(1, 5)}, kNumbers),
      with_fraction(first_order(unary_row(
          "floor_divide of fraction", [](V x) { return floor_divide(7.3, x); }, whole(1, 5), kFloats))),
      with_fraction(first_order(unary_row(
          "remainder of fraction", [](V x) { return remainder(7.3, x); }, whole(1, 5), kFloats))),
      with_fraction(first_order(unary_row(
          "fmod of fraction", [](V x) { return fmod(-7.3, x); }, whole(1, 5), kFloats))),
  });
}

/// Integers have no infinity: an integer divisor of 0 is refused, whatever stands on the left.
std::vector<Row> make_divisions() {
  std::vector<Row> rows = division_rows();
  const auto refuse = [&rows](size_t i, Tensor (*divide)(T, T)) {
    rows[i].rejects.push_back({{"cannot be divided by 0", "[3] int64", "to(DType::float32)"}, [divide] {
                                 divide(tensor<int64_t>({1, 2, 3}), tensor<int64_t>({1, 0, 3}));
                               }});
  };
  refuse(0, floor_divide);
  refuse(1, remainder);
  refuse(2, fmod);
  rows[1].rejects.push_back({{"cannot be divided by 0", "the number 0"}, [] { remainder(tensor<int32_t>({1}), 0); }});
  return rows;
}

const Family rounding(rounding_rows), division(make_divisions), negatives(negative_rows), rounded_numbers(number_rows);

}  // namespace

}  // namespace weft::op_table
