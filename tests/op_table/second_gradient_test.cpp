// tests/op_table/second_gradient_test.cpp: gradients of gradients, against central differences and across devices
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "autograd/gradcheck.h"
#include "tests/op_table/compare.h"
#include "tests/op_table/gradients.h"
#include "tests/op_table/sample.h"
#include "tests/op_table/selection.h"

namespace weft::op_table {

namespace {

/// Sums of sums of terms, each as exact as the row's result.
constexpr double kSecondGradientTerms = 64;

Tensors second_gradients_on(Device device, const Row& row, const Tensors& inputs) {
  const Tensors here = on_device(inputs, device);
  return gradients_at(differentiable_part(row, here), differentiable_inputs(row, here), Order::second);
}

std::string second_outcome(const Row& row, const Tensors& inputs, Device device) {
  try {
    if (checked_by_differences(device)) {
      const Tensors here = on_device(inputs, device);
      return gradgradcheck(differentiable_part(row, here), differentiable_inputs(row, here));
    }
    return difference_of_all(second_gradients_on(device, row, inputs), second_gradients_on(reference, row, inputs),
                             kSecondGradientTerms * row.tolerance.float64);
  } catch (const std::exception& error) {
    return fmt::format("threw {}", error.what());
  }
}

}  // namespace

TEST_CASE("op table: second gradients equal central differences, on cards those of reference") {
  for (const Device device : tested_devices()) {
    int64_t cases = 0;
    for (const Row* tested : tested_rows()) {
      const Row& row = *tested;
      if (row.order != Order::second) continue;
      for (const Shapes& shapes : row.samples) {
        const Tensors inputs = make_inputs(row, shapes, DType::float64);
        INFO(describe(row, inputs), ", ", to_string(device));
        const std::string text = second_outcome(row, inputs, device);
        CHECK_MESSAGE(text.empty(), text);
        ++cases;
      }
    }
    MESSAGE(fmt::format("{}: {} second gradient cases", to_string(device), cases));
    CHECK(enough(cases, 1450));
  }
}

}  // namespace weft::op_table
