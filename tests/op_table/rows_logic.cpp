// tests/op_table/rows_logic.cpp: truth, what kind of number it is, and bits
#include "autograd/elementwise.h"
#include "tests/op_table/rows_of_elements.h"

namespace weft::op_table {

namespace {

const std::vector<DType> kIntegers = {DType::int64, DType::int32, DType::uint8};
const std::vector<DType> kWhole = {DType::int64, DType::int32, DType::uint8, DType::boolean};

std::vector<Row> unary_logic() {
  return with_few_shapes({
      tensor_row(
          "logical_not", [](T x) { return logical_not(x); }, {whole(-2, 2)}, kAll),
      tensor_row(
          "isnan", [](T x) { return isnan(x); }, {whole(-2, 2)}, kAll),
      tensor_row(
          "isinf", [](T x) { return isinf(x); }, {whole(-2, 2)}, kAll),
      tensor_row(
          "isfinite", [](T x) { return isfinite(x); }, {whole(-2, 2)}, kAll),
      tensor_row(
          "bitwise_not", [](T x) { return bitwise_not(x); }, {whole(-9, 9)}, kWhole),
  });
}

std::vector<Row> binary_logic() {
  return with_few_shapes({
      tensors_row(
          "logical_and", [](T a, T b) { return logical_and(a, b); }, {whole(-2, 2)}, kAll),
      tensors_row(
          "logical_or", [](T a, T b) { return logical_or(a, b); }, {whole(-2, 2)}, kAll),
      tensors_row(
          "logical_xor", [](T a, T b) { return logical_xor(a, b); }, {whole(-2, 2)}, kAll),
      tensors_row(
          "bitwise_and", [](T a, T b) { return bitwise_and(a, b); }, {whole(-9, 9)}, kWhole),
      tensors_row(
          "bitwise_or", [](T a, T b) { return bitwise_or(a, b); }, {whole(-9, 9)}, kWhole),
      tensors_row(
          "bitwise_xor", [](T a, T b) { return bitwise_xor(a, b); }, {whole(-9, 9)}, kWhole),
      tensors_row(
          "left_shift", [](T a, T b) { return left_shift(a, b); }, {whole(-99, 99), whole(-2, 70)}, kIntegers),
      tensors_row(
          "right_shift", [](T a, T b) { return right_shift(a, b); }, {whole(-99, 99), whole(-2, 70)}, kIntegers),
  });
}

std::vector<Row> logic_rows() {
  std::vector<Row> rows = binary_logic();
  for (Row& row : rows) {
    if (row.name == "bitwise_and") {
      row.rejects.push_back({{"needs bool or integers", "float32"}, [] { bitwise_and(ones({2}), 1); }});
    } else if (row.name == "left_shift") {
      row.rejects.push_back({{"needs integers", "bool"}, [] { left_shift(tensor<bool>({true}), true); }});
    }
  }
  return rows;
}

const Family negations(unary_logic), logic(logic_rows);

}  // namespace

}  // namespace weft::op_table
