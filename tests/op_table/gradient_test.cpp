// tests/op_table/gradient_test.cpp: every derivative of every row, by central differences, across devices and dtypes
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "autograd/gradcheck.h"
#include "autograd/tape.h"
#include "autograd/view.h"
#include "tests/op_table/compare.h"
#include "tests/op_table/gradients.h"
#include "tests/op_table/sample.h"
#include "tests/op_table/selection.h"

namespace weft::op_table {

namespace {

/// A gradient is a sum of several terms, each as exact as the row's result.
constexpr double kGradientTerms = 8;

/// A leaf that `layout_of` turns into x: so the row sees strides while the checker nudges a plain tensor.
Tensor leaf_for(const Tensor& x, Layout layout) {
  if (layout == Layout::transposed && x.rank() > 1) return x.transpose(0, -1).contiguous();
  if (layout != Layout::sliced || x.rank() == 0) return x;
  Shape wider = x.shape();
  wider.back() = 2 * wider.back() + 1;
  const Tensor leaf = full(wider, 0.5, {x.dtype(), x.device()});
  leaf.slice(-1, 1, wider.back(), 2).copy_(x);
  return leaf;
}

Variable layout_of(const Variable& leaf, Layout layout) {
  if (layout == Layout::transposed && leaf.rank() > 1) return transpose(leaf, 0, -1);
  if (layout != Layout::sliced || leaf.rank() == 0) return leaf;
  return slice(leaf, -1, 1, leaf.size(-1), 2);
}

/// What the row gives for leaves whose layout_of it sees.
Call of_leaves(const Row& row, const Tensors& inputs, Layout layout) {
  return [f = differentiable_part(row, inputs), layout](const Vars& leaves) {
    Vars v;
    for (const Variable& leaf : leaves) v.push_back(layout_of(leaf, layout));
    return f(v);
  };
}

Tensors leaves_of(const Row& row, const Tensors& inputs, Layout layout) {
  Tensors leaves;
  for (const Tensor& x : differentiable_inputs(row, inputs)) leaves.push_back(leaf_for(x, layout));
  return leaves;
}

Tensors gradients_on(Device device, const Row& row, const Tensors& inputs, Layout layout) {
  const Tensors here = on_device(inputs, device);
  return gradients_at(of_leaves(row, here, layout), leaves_of(row, here, layout), Order::first);
}

std::string outcome(const Row& row, const Tensors& inputs, Layout layout, Device device) {
  try {
    if (checked_by_differences(device)) {
      const Tensors here = on_device(inputs, device);
      return gradcheck(of_leaves(row, here, layout), leaves_of(row, here, layout));
    }
    return difference_of_all(gradients_on(device, row, inputs, layout), gradients_on(reference, row, inputs, layout),
                             kGradientTerms * row.tolerance.float64);
  } catch (const std::exception& error) {
    return fmt::format("threw {}", error.what());
  }
}

int64_t check_gradients(Device device) {
  int64_t cases = 0;
  for (const Row* tested : tested_rows()) {
    const Row& row = *tested;
    if (row.order == Order::none) continue;
    for (const Shapes& shapes : row.samples) {
      const Tensors inputs = make_inputs(row, shapes, DType::float64);
      for (const Layout layout : {Layout::contiguous, Layout::transposed, Layout::sliced}) {
        if (layout != Layout::contiguous && &shapes != &row.samples.back()) continue;  // strides once a row
        INFO(describe(row, inputs), ", ", name_of(layout), ", ", to_string(device));
        const std::string text = outcome(row, inputs, layout, device);
        CHECK_MESSAGE(text.empty(), text);
        ++cases;
      }
    }
  }
  return cases;
}

/// A leaf of few elements whose view, by `layout_of`, is the expanded layout of x.
Tensor leaf_to_expand(const Tensor& x, int64_t axis) { return x.slice(axis, 0, 1).contiguous(); }

/// The axis that the expanded layout repeats; none where no axis can be.
std::optional<int64_t> axis_to_expand(const Tensor& x) {
  for (int64_t axis = 0; axis < x.rank(); ++axis)
    if (x.size(axis) > 1) return axis;
  return std::nullopt;
}

/// The gradients of the row by its inputs in `dtype`. Those of an expanded input are its elements', not their sum, in
/// which everything may cancel.
Tensors gradients_in(DType dtype, const Row& row, const Tensors& inputs, bool expanded) {
  Tensors cast;
  for (size_t i = 0; i < inputs.size(); ++i) cast.push_back(row.is_constant(i) ? inputs[i] : inputs[i].to(dtype));
  Tape tape;
  Vars views;
  for (const Tensor& x : differentiable_inputs(row, cast)) {
    const auto axis = expanded ? axis_to_expand(x) : std::nullopt;
    views.push_back(axis ? expand(watch(leaf_to_expand(x, *axis)), x.shape()) : watch(x));
  }
  return gradients_of(differentiable_part(row, cast), views);
}

std::string float32_outcome(const Row& row, const Tensors& inputs, bool expanded) {
  try {
    const Tensors expected = gradients_in(DType::float64, row, inputs, expanded);
    const Tensors actual = gradients_in(DType::float32, row, inputs, expanded);
    Tensors widened;
    for (const Tensor& x : actual) {
      if (x.dtype() != DType::float32) return "the gradient is " + x.describe();
      widened.push_back(x.to(DType::float64));
    }
    return difference_of_all(widened, expected, kGradientTerms * row.tolerance.float32);
  } catch (const std::exception& error) {
    return fmt::format("threw {}", error.what());
  }
}

}  // namespace

TEST_CASE("op table: gradients equal central differences, on cards those of reference") {
  for (const Device device : tested_devices()) {
    const int64_t cases = check_gradients(device);
    MESSAGE(fmt::format("{}: {} gradient cases", to_string(device), cases));
    CHECK(enough(cases, 2400));
  }
}

// Against the gradient in float64, itself held against differences above: the kernels of float32 are others.
TEST_CASE("op table: gradients in float32 equal those in float64, of expanded inputs too") {
  int64_t cases = 0;
  for (const Device device : tested_devices())
    for (const Row* tested : tested_rows()) {
      const Row& row = *tested;
      if (row.order == Order::none) continue;
      if (std::find(row.dtypes.begin(), row.dtypes.end(), DType::float32) == row.dtypes.end()) continue;
      for (const Shapes& shapes : row.samples)
        for (const bool expanded : {false, true}) {
          if (brief() && (expanded || &shapes != &row.samples.back())) continue;
          if (expanded && !row.repeated.empty()) continue;
          const Tensors inputs = on_device(make_inputs(row, shapes, DType::float32), device);
          INFO(describe(row, inputs), expanded ? ", expanded" : "");
          const std::string text = float32_outcome(row, inputs, expanded);
          CHECK_MESSAGE(text.empty(), text);
          ++cases;
        }
    }
  MESSAGE(fmt::format("{} float32 gradient cases", cases));
  CHECK(enough(cases, 3000 * static_cast<int64_t>(tested_devices().size())));
}

// Differences cannot see through the rounding of a cast, so it is no row.
TEST_CASE("op table: the gradient of a cast is cast back") {
  for (const Device device : tested_devices()) {
    Tape tape;
    const Variable x = watch(tensor<double>({1, 2, 3}, {}, device));
    const Variable y = to(x, DType::float32);
    CHECK(y.dtype() == DType::float32);
    tape.backward(y, tensor<float>({0.5, -1, 4}, {}, device));
    REQUIRE(x.grad().dtype() == DType::float64);
    CHECK(x.grad().to_vector<double>() == std::vector<double>{0.5, -1, 4});
  }
}

}  // namespace weft::op_table
