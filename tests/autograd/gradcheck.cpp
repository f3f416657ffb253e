// tests/autograd/gradcheck.cpp: the checker itself: a wrong derivative must fail
#include "autograd/gradcheck.h"

#include <doctest/doctest.h>

#include "autograd/elementwise.h"
#include "autograd/node.h"
#include "autograd/view.h"
#include "expect_error.h"
#include "tensor/create.h"

using namespace weft;

namespace {

using Vars = std::vector<Variable>;

/// a b with a derivative of one's choice.
auto product_with(BackwardFn backward) {
  return [backward](const Vars& v) {
    return record("product", {v[0], v[1]}, v[0].value() * v[1].value(), Saves::inputs(), backward);
  };
}

const std::vector<Tensor> kInputs = {tensor<double>({1, -2, 3}), tensor<double>({0.5, 4, -1})};

}  // namespace

TEST_CASE("the right derivative passes") {
  const auto right = product_with([](Node& n, const Variable& dy) {
    n.add_grad(0, dy * n.input(1));
    n.add_grad(1, dy * n.input(0));
  });
  CHECK(gradcheck(right, kInputs) == "");
  CHECK(gradgradcheck(right, kInputs) == "");
}

TEST_CASE("doubled, zero, swapped and forgotten derivatives fail") {
  const auto doubled = product_with([](Node& n, const Variable& dy) {
    n.add_grad(0, 2 * (dy * n.input(1)));
    n.add_grad(1, dy * n.input(0));
  });
  const auto zero = product_with([](Node& n, const Variable& dy) {
    n.add_grad(0, dy * n.input(1));
    n.add_grad(1, 0 * dy);
  });
  const auto swapped = product_with([](Node& n, const Variable& dy) {
    n.add_grad(0, dy * n.input(0));
    n.add_grad(1, dy * n.input(1));
  });
  const auto forgotten = product_with([](Node& n, const Variable& dy) { n.add_grad(1, dy * n.input(0)); });
  const auto never_recorded = [](const Vars& v) { return Variable(v[0].value() * v[1].value()); };
  CHECK(gradcheck(doubled, kInputs).find("input 0, element [") == 0);
  CHECK(gradcheck(zero, kInputs).find("input 1, element [") == 0);
  CHECK(gradcheck(swapped, kInputs) != "");
  CHECK(gradcheck(forgotten, kInputs).find("recorded 0, differences") != std::string::npos);
  CHECK(gradcheck(never_recorded, kInputs).find("recorded 0, differences") != std::string::npos);
}

TEST_CASE("one wrong element among many is found and named") {
  const auto f = [](const Vars& v) {
    return record("almost", {v[0]}, v[0].value() * 3, Saves::nothing(), [](Node& n, const Variable& dy) {
      const Tensor dx = dy.value() * 3;
      dx.set({1, 2}, dx.at({1, 2}) * 1.001);
      n.add_grad(0, dx);
    });
  };
  CHECK(gradcheck(f, {ones({3, 4}, {.dtype = DType::float64})}).find("input 0, element [1, 2]") == 0);
}

TEST_CASE("a right first and a wrong second derivative: only gradgradcheck fails") {
  const auto f = [](const Vars& v) {
    return record("square", {v[0]}, square(v[0].value()), Saves::input(0),
                  [](Node& n, const Variable& dy) { n.add_grad(0, 2 * (dy * stop_gradient(n.input(0)))); });
  };
  CHECK(gradcheck(f, {kInputs[0]}) == "");
  CHECK(gradgradcheck(f, {kInputs[0]}) != "");
}

TEST_CASE("derivatives that change between walks are noticed") {
  int walks = 0;
  const auto f = [&](const Vars& v) {
    return record("drifting", {v[0]}, v[0].value() * 1, Saves::nothing(),
                  [&](Node& n, const Variable& dy) { n.add_grad(0, dy * (1 + 1e-14 * ++walks)); });
  };
  CHECK(gradcheck(f, {kInputs[0]}).find("different bits") != std::string::npos);
}

TEST_CASE("differences need float64") {
  const auto f = [](const Vars& v) { return exp(v[0]); };
  expect_error([&] { gradcheck(f, {ones({2})}); }, {"gradcheck: input 0 is [2] float32", "float64"});
  const auto narrow = [](const Vars& v) { return to(v[0], DType::float32); };
  expect_error([&] { gradcheck(narrow, {kInputs[0]}); }, {"gradcheck: the function gives [3] float32", "float64"});
}
