// tests/op_table/second_gradient_test.cpp: gradients of gradients against central differences
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "autograd/gradcheck.h"
#include "tests/op_table/sample.h"
#include "tests/op_table/selection.h"

namespace weft::op_table {

namespace {

std::string second_outcome(const Row& row, const Tensors& inputs) {
  try {
    return gradgradcheck(differentiable_part(row, inputs), differentiable_inputs(row, inputs));
  } catch (const std::exception& error) {
    return fmt::format("threw {}", error.what());
  }
}

}  // namespace

TEST_CASE("op table: second gradients equal central differences") {
  for (const Device device : tested_devices()) {
    int64_t cases = 0;
    for (const Row* tested : tested_rows()) {
      const Row& row = *tested;
      if (row.order != Order::second) continue;
      for (const Shapes& shapes : row.samples) {
        const Tensors inputs = on_device(make_inputs(row, shapes, DType::float64), device);
        INFO(describe(row, inputs));
        const std::string text = second_outcome(row, inputs);
        CHECK_MESSAGE(text.empty(), text);
        ++cases;
      }
    }
    MESSAGE(fmt::format("{}: {} second gradient cases", to_string(device), cases));
    CHECK(enough(cases, 1450));
  }
}

}  // namespace weft::op_table
