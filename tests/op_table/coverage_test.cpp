// tests/op_table/coverage_test.cpp: nothing is left out of the op table
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <set>

#include "autograd/tape.h"
#include "tensor/scalar_maths.h"
#include "tests/op_table/sample.h"

namespace weft::op_table {

namespace {

std::set<std::string_view> functions_with_rows() {
  std::set<std::string_view> names;
  for (const Row& row : all_rows()) names.insert(row.function());
  return names;
}

template <class Op>
void check_every_op_has_a_row() {
  const auto names = functions_with_rows();
  for (size_t i = 0; i < static_cast<size_t>(Op::count); ++i) {
    const std::string_view name = name_of_op(static_cast<Op>(i));
    CHECK_MESSAGE(names.count(name) == 1, name);
  }
}

}  // namespace

TEST_CASE("op table: every element-wise op has a row") {
  check_every_op_has_a_row<UnaryOp>();
  check_every_op_has_a_row<BinaryOp>();
}

TEST_CASE("op table: row names are unique, and an exception to the tolerance policy carries a reason") {
  std::set<std::string_view> names;
  for (const Row& row : all_rows()) {
    CHECK_MESSAGE(names.insert(row.name).second, row.name);
    const bool policy = row.tolerance.float32 == Tolerance{}.float32 && row.tolerance.float64 == Tolerance{}.float64;
    CHECK_MESSAGE((policy || !row.tolerance.reason.empty()), row.name);
    CHECK_MESSAGE(!row.samples.empty(), row.name);
  }
}

TEST_CASE("op table: a differentiable row is recorded, another one is not") {
  for (const Row& row : all_rows()) {
    if (!is_floating(row.dtypes.front())) continue;  // integers have no gradient, and cannot be watched
    const Tensors inputs = make_inputs(row, row.samples.back(), DType::float64);
    INFO(row.name);
    Tape tape;
    Vars leaves;
    for (const Tensor& x : differentiable_inputs(row, inputs)) leaves.push_back(watch(x));
    const Variable y = differentiable_part(row, inputs)(leaves);
    CHECK((tape.size() > 0) == (row.order != Order::none));
    CHECK(y.node().recorded() == (row.order != Order::none));
  }
}

}  // namespace weft::op_table
