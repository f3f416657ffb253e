// tests/op_table/forward_test.cpp: every row on every device, dtype and layout gives what `reference` gives
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "tensor/checks.h"
#include "tensor/elementwise.h"
#include "tests/op_table/compare.h"
#include "tests/op_table/sample.h"
#include "tests/op_table/selection.h"

namespace weft::op_table {

namespace {

constexpr Layout kStrided[] = {Layout::transposed, Layout::sliced, Layout::expanded};

double tolerance_for(const Row& row, DType dtype) {
  return dtype == DType::float64 ? row.tolerance.float64 : row.tolerance.float32;
}

/// Sums of absolute terms that the result's error is measured against; undefined when the result itself is.
Tensor magnitude_of(const Row& row, const Tensors& inputs) {
  if (row.scale == Scale::result) return {};
  Vars absolute;
  for (const Tensor& x : inputs) absolute.emplace_back(is_floating(x.dtype()) ? abs(x) : x);
  return row.call(absolute).value();
}

class Forward {
 public:
  Forward(const Row& row, Device device) : row_(row), device_(device) {}

  /// `inputs` are contiguous, on reference. `thorough` tries each input alone in each layout, else all at once.
  void run(const Tensors& inputs, bool thorough) {
    const std::vector<Layout> plain(inputs.size(), Layout::contiguous);
    compare(inputs, plain);
    for (const Layout layout : kStrided) {
      compare(inputs, std::vector<Layout>(inputs.size(), layout));
      if (!thorough || inputs.size() < 2) continue;
      for (size_t i = 0; i < inputs.size(); ++i) {
        auto layouts = plain;
        layouts[i] = layout;
        compare(inputs, layouts);
      }
    }
  }

  int64_t cases() const { return cases_; }

 private:
  void compare(const Tensors& inputs, const std::vector<Layout>& layouts) {
    Tensors expected_inputs, actual_inputs;
    bool changed = false;
    for (size_t i = 0; i < inputs.size(); ++i) {
      const auto laid_out = with_layout(inputs[i].to(device_), layouts[i]);
      const Layout layout = laid_out ? layouts[i] : Layout::contiguous;
      changed = changed || layout == layouts[i];
      actual_inputs.push_back(laid_out.value_or(inputs[i].to(device_)));
      const bool expanded = layout == Layout::expanded;
      expected_inputs.push_back(expanded ? with_layout(inputs[i], layout)->clone() : inputs[i]);
    }
    if (!changed) return;  // no input permits this layout
    ++cases_;
    INFO(describe(row_, actual_inputs));
    const std::string text = outcome(actual_inputs, expected_inputs);
    CHECK_MESSAGE(text.empty(), text);
  }

  std::string outcome(const Tensors& actual_inputs, const Tensors& expected_inputs) {
    try {
      const Tensor expected = row_.call(as_variables(expected_inputs)).value();
      const Tensor actual = row_.call(as_variables(actual_inputs)).value();
      if (actual.device() != device_) return "result is " + actual.describe();
      const double tolerance = tolerance_for(row_, expected.dtype());
      const std::string text = difference(actual, expected, tolerance, magnitude_of(row_, expected_inputs));
      if (!text.empty() || row_.scale == Scale::absolute_inputs) return text;
      return difference_of_zeros(actual, expected);
    } catch (const std::exception& error) {
      return fmt::format("threw {}", error.what());
    }
  }

  const Row& row_;
  Device device_;
  int64_t cases_ = 0;
};

int64_t run_row_briefly(const Row& row, Device device) {
  Forward forward(row, device);
  forward.run(make_inputs(row, row.samples.back(), row.dtypes.front()), false);
  if (!row.large.empty()) forward.run(make_inputs(row, row.large.back(), row.dtypes.front()), false);
  return forward.cases();
}

int64_t run_row(const Row& row, Device device) {
  if (brief()) return run_row_briefly(row, device);
  Forward forward(row, device);
  for (const DType dtype : row.dtypes) {
    for (const Shapes& shapes : row.samples) {
      forward.run(make_inputs(row, shapes, dtype), true);
      if (is_floating(dtype) && row.corners != Corners::none) forward.run(make_inputs(row, shapes, dtype, true), true);
    }
    for (const Shapes& shapes : row.large) forward.run(make_inputs(row, shapes, dtype), false);
  }
  return forward.cases();
}

}  // namespace

TEST_CASE("op table: every device gives what reference gives") {
  for (const Device device : tested_devices()) {
    if (device == reference) continue;
    int64_t cases = 0;
    for (const Row* row : tested_rows()) cases += run_row(*row, device);
    MESSAGE(fmt::format("{}: {} forward cases from {} rows", to_string(device), cases, tested_rows().size()));
    CHECK(enough(cases, 75000));
  }
}

// A view shares its input's storage; everything else is a new tensor, whose elements are its own.
TEST_CASE("op table: what shares no storage with an input can be written") {
  int64_t cases = 0;
  for (const Device device : tested_devices())
    for (const Row* tested : tested_rows())
      for (const Shapes& shapes : tested->samples)
        for (const Layout layout : kStrided) {
          const Row& row = *tested;
          Tensors inputs;
          for (const Tensor& x : on_device(make_inputs(row, shapes, row.dtypes.front()), device))
            inputs.push_back(with_layout(x, layout).value_or(x));
          const Tensor y = row.call(as_variables(inputs)).value();
          if (std::any_of(inputs.begin(), inputs.end(), [&](const Tensor& x) { return y.shares_storage_with(x); }))
            continue;
          INFO(describe(row, inputs), " gave strides ", weft::to_string(y.strides()));
          CHECK_NOTHROW(check_writable("op table", y));
          ++cases;
        }
  CHECK(enough(cases, 6000 * static_cast<int64_t>(tested_devices().size())));
}

TEST_CASE("op table: the comparison sees what it should") {
  const Tensor x = tensor<double>({1, 2, NAN, INFINITY});
  CHECK(difference(x, x, 0).empty());
  CHECK_FALSE(difference(tensor<double>({1, 2.1, NAN, INFINITY}), x, 1e-12).empty());
  CHECK_FALSE(difference(tensor<double>({1, 2, 3, INFINITY}), x, 1e-12).empty());
  CHECK_FALSE(difference(tensor<double>({1, NAN, NAN, INFINITY}), x, 1e-12).empty());
  CHECK_FALSE(difference(tensor<double>({1, 2, NAN, -INFINITY}), x, 1e-12).empty());
  CHECK_FALSE(difference(x.reshape({2, 2}), x, 1).empty());
  CHECK_FALSE(difference(tensor<int64_t>({1, 2}), tensor<int64_t>({1, 3}), 1).empty());
  const Tensor zeros = tensor<float>({1, 0, -0.0f});
  CHECK(difference_of_zeros(zeros, zeros).empty());
  CHECK(difference_of_zeros(tensor<float>({1, 0, 0}), zeros) == "the zero at [2] of [3] float32 cpu is 0, expected -0");
}

}  // namespace weft::op_table
