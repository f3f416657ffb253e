// tests/op_table/gradient_test.cpp: every derivative of every row against central differences, random upstream gradient
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "autograd/gradcheck.h"
#include "autograd/tape.h"
#include "autograd/view.h"
#include "tests/op_table/sample.h"

namespace weft::op_table {

namespace {

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

std::string outcome(const Row& row, const Tensors& inputs, Layout layout) {
  const Call f = differentiable_part(row, inputs);
  Tensors leaves;
  for (const Tensor& x : differentiable_inputs(row, inputs)) leaves.push_back(leaf_for(x, layout));
  const auto strided = [&](const Vars& given) {
    Vars v;
    for (const Variable& leaf : given) v.push_back(layout_of(leaf, layout));
    return f(v);
  };
  try {
    return gradcheck(strided, leaves);
  } catch (const std::exception& error) {
    return fmt::format("threw {}", error.what());
  }
}

int64_t check_gradients(Device device) {
  int64_t cases = 0;
  for (const Row& row : all_rows()) {
    if (row.order == Order::none) continue;
    for (const Shapes& shapes : row.samples) {
      const Tensors inputs = on_device(make_inputs(row, shapes, DType::float64), device);
      for (const Layout layout : {Layout::contiguous, Layout::transposed, Layout::sliced}) {
        if (layout != Layout::contiguous && &shapes != &row.samples.back()) continue;  // strides once a row
        INFO(describe(row, inputs), ", ", name_of(layout));
        const std::string text = outcome(row, inputs, layout);
        CHECK_MESSAGE(text.empty(), text);
        ++cases;
      }
    }
  }
  return cases;
}

}  // namespace

TEST_CASE("op table: gradients equal central differences") {
  for (const Device device : available_devices()) {
    const int64_t cases = check_gradients(device);
    MESSAGE(fmt::format("{}: {} gradient cases", to_string(device), cases));
    CHECK(cases > 500);
  }
}

// Differences cannot see through the rounding of a cast, so it is no row.
TEST_CASE("op table: the gradient of a cast is cast back") {
  for (const Device device : available_devices()) {
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
