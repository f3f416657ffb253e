// tests/autograd/function.cpp: functions of one's own
#include "autograd/function.h"

#include <doctest/doctest.h>

#include "autograd/autograd.h"
#include "expect_error.h"
#include "tensor/create.h"
#include "tensor/logic.h"

using namespace weft;

namespace {

struct Clamp {  // y = min(max(x, low), high)
  static constexpr std::string_view name = "my_clamp";
  double low, high;

  Tensor forward(Saves& saves, const Tensor& x) const {
    saves = Saves::input(0);
    return clamp(x, low, high);
  }
  Variable backward(const Node& node, const Variable& dy) const {
    const Tensor x = node.input(0).value();
    return dy * logical_and(greater_equal(x, low), less_equal(x, high)).to(dy.dtype());
  }
};

struct CubeTimes {  // y = x^3 w
  static constexpr std::string_view name = "cube_times";

  static Tensor forward(Saves& saves, const Tensor& x, const Tensor& w) {
    saves = Saves::inputs();
    return x * x * x * w;
  }
  static std::vector<Variable> backward(const Node& node, const Variable& dy) {
    const Variable x = node.input(0), w = node.input(1);
    return {3 * x * x * w * dy, node.wants(1) ? x * x * x * dy : Variable()};
  }
};

struct ChangesInput {
  static constexpr std::string_view name = "in_place";
  static Tensor forward(Saves&, const Tensor& x) { return x.mul_(2); }
  static Variable backward(const Node&, const Variable& dy) { return dy * 2; }
};

struct Wrong {
  static constexpr std::string_view name = "wrong";
  std::vector<Variable> gradients;
  Tensor forward(Saves&, const Tensor& x) const { return x.clone(); }
  std::vector<Variable> backward(const Node&, const Variable&) const { return gradients; }
};

struct Once {
  static constexpr std::string_view name = "once";
  static Tensor forward(Saves& saves, const Tensor& x) {
    saves = Saves::nothing().with({x * 2}).fused();
    return x * x;
  }
  static Variable backward(const Node& node, const Variable& dy) { return Variable(node.extra(0) * dy.value()); }
};

struct ScaleOr {  // y = x w, or 2 x where w is left out
  static constexpr std::string_view name = "scale_or";
  static Tensor forward(Saves& saves, const Tensor& x, const Tensor& w) {
    saves = Saves::inputs();
    return w.defined() ? x * w : x * 2;
  }
  static std::vector<Variable> backward(const Node&, const Variable& dy) { return {dy * 2, Variable()}; }
};

}  // namespace

TEST_CASE("a function with settings of its own") {
  const Variable x = watch(tensor<double>({-1, 0.25, 3}));
  Tape tape;
  const Variable y = apply(Clamp{0, 1}, x);
  CHECK(y.value().to_vector<double>() == std::vector<double>{0, 0.25, 1});
  tape.backward(y, tensor<double>({5, 6, 7}));
  CHECK(x.grad().to_vector<double>() == std::vector<double>{0, 6, 0});
}

TEST_CASE("several inputs, checked against differences to the second order") {
  const Tensor x = tensor<double>({0.5, -1.5, 2}), w = tensor<double>({2, 3, -1});
  const auto f = [](const std::vector<Variable>& xs) { return apply(CubeTimes(), xs[0], xs[1]); };
  CHECK(gradcheck(f, {x, w}) == "");
  CHECK(gradgradcheck(f, {x, w}) == "");
}

TEST_CASE("a tensor is a constant, and without a tape nothing is recorded") {
  const Tensor w = tensor<double>({2});
  const Variable x = watch(tensor<double>({3}));
  CHECK_FALSE(apply(CubeTimes(), x, w).node().recorded());
  Tape tape;
  tape.backward(apply(CubeTimes(), x, w));
  CHECK(x.grad().item() == 54);
}

TEST_CASE("what a function saved must not change before the way back") {
  const Variable x = watch(tensor<double>({0.5}));
  Tape tape;
  const Variable y = apply(Clamp{0, 1}, x);
  x.value().add_(1);
  expect_error([&] { tape.backward(y); }, {"input 0 of my_clamp", "was changed in place"});
}

TEST_CASE("a derivative that is computed with tensors says so, and the second one is refused") {
  const Variable x = watch(tensor<double>({3}));
  Tape tape;
  const Variable y = apply(Once(), x);
  expect_error([&] { tape.gradient(y, {x}, CreateGraph::yes); }, {"(once) is fused"});
  CHECK(tape.gradient(y, {x})[0].item() == 6);
}

TEST_CASE("an operand may be left out") {
  const Variable x = watch(tensor<double>({3}));
  Tape tape;
  tape.backward(apply(ScaleOr(), x, Variable()));
  CHECK(x.grad().item() == 2);
  CHECK(apply(ScaleOr(), x, Tensor()).item() == 6);
}

TEST_CASE("mistakes of a function are named") {
  const Variable x = watch(ones({2}));
  Tape tape;
  expect_error([&] { apply(ChangesInput(), x); },
               {"in_place: forward changed input 0, [2] float32 cpu, in place", "clone()"});
  const auto walk = [&](std::vector<Variable> gradients) { tape.backward(sum(apply(Wrong{gradients}, x))); };
  expect_error([&] { walk({}); }, {"wrong: backward gave 0 gradients for 1 inputs"});
  expect_error([&] { walk({ones({3})}); }, {"wrong: backward gave [3] float32 cpu for input 0, [2] float32"});
  expect_error([&] { walk({ones({2}, {.dtype = DType::float64})}); }, {"gave [2] float64 cpu for input 0"});
  walk({Variable()});
  CHECK_FALSE(x.grad().defined());
}
