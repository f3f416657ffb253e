// tests/autograd/walk.cpp: what a walk gives, adds and leaves alone
#include <doctest/doctest.h>

#include <functional>
#include <stdexcept>

#include "autograd/autograd.h"
#include "expect_error.h"
#include "tensor/allclose.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"
#include "tensor/random.h"

using namespace weft;

namespace {

Tensor normal_float32(const Shape& shape, uint32_t stream, DType dtype = DType::float32) {
  RandomStream random(7, stream);
  return random_normal(shape, random, 0, 1, {.dtype = dtype});
}

double largest_difference(const Tensor& a, const Tensor& b) { return max(abs(a - b)).item(); }

/// w used `times` times on ever new inputs, as a recurrent layer does.
Tensor gradient_of_used_weight(int times, TapeOptions options) {
  const Variable w = watch(normal_float32({5, 5}, 0));
  Tape tape(options);
  Variable h = normal_float32({3, 5}, 1);
  for (int i = 0; i < times; ++i) h = tanh(linear(h, w));
  tape.backward(sum(h * h));
  return w.grad();
}

}  // namespace

TEST_CASE("shared subexpressions add up") {
  const Variable a = watch(tensor<double>({1.5}));
  Tape tape;
  const Variable b = a + a, c = b + b;
  tape.backward(sum(c * a));  // 4 a^2
  CHECK(a.grad().item() == 12);
}

TEST_CASE("leaf gradients gather over walks, and zero_grad forgets them") {
  const Variable x = watch(tensor<float>({1, 2}));
  for (int i = 1; i <= 3; ++i) {
    Tape tape;
    tape.backward(sum(x * x));
    CHECK(x.grad().at({1}) == 4 * i);
  }
  const Tensor held = x.grad();
  {
    Tape tape;
    tape.backward(sum(x * x));
  }
  CHECK(held.at({1}) == 12);  // somebody else's tensor is not changed
  CHECK(x.grad().at({1}) == 16);
  x.zero_grad();
  CHECK_FALSE(x.grad().defined());
}

TEST_CASE("two leaves never share the memory of their gradients") {
  const Variable a = watch(ones({2})), b = watch(ones({2}));
  Tape tape;
  tape.backward(sum(a + b));
  CHECK_FALSE(a.grad().shares_storage_with(b.grad()));
  a.grad().mul_(5);
  CHECK(b.grad().at({0}) == 1);
}

TEST_CASE("gradient gives results without touching the leaves") {
  const Variable x = watch(tensor<float>({1, 2})), unused = watch(ones({3}));
  Tape tape;
  const Variable h = x * x, y = sum(exp(h));
  const auto gradients = tape.gradient(y, {x, h, y, unused, x});
  CHECK_FALSE(x.grad().defined());
  CHECK(gradients[0].value().at({1}) == doctest::Approx(4 * std::exp(4.0)));
  CHECK(gradients[1].value().at({1}) == doctest::Approx(std::exp(4.0)));
  CHECK(gradients[2].item() == 1);
  CHECK(gradients[3].value().to_vector<float>() == std::vector<float>{0, 0, 0});
  CHECK(gradients[4].value().to_vector<float>() == gradients[0].value().to_vector<float>());
  CHECK_FALSE(gradients[4].value().shares_storage_with(gradients[0].value()));
  CHECK_FALSE(gradients[0].node().recorded());
  expect_error([&] { tape.gradient(y, {Variable(ones({2}))}); }, {"gradient: x 0", "neither a leaf nor recorded"});
}

TEST_CASE("gradient takes an upstream gradient, and sums y without one") {
  const Variable x = watch(tensor<float>({1, 2}));
  Tape tape;
  const Variable y = x * x;
  CHECK(tape.gradient(y, {x}, CreateGraph::yes)[0].value().at({1}) == 4);
  CHECK(tape.gradient(y, {x}, CreateGraph::no, tensor<float>({1, 10}))[0].value().at({1}) == 40);
}

TEST_CASE("gradient walks only what leads to the wanted") {
  const Variable x = watch(ones({2})), w = watch(ones({2}));
  Tape tape;
  int visits = 0;
  const Variable other = record("counted", {w}, w.value(), Saves::nothing(), [&](Node& n, const Variable& dy) {
    ++visits;
    n.add_grad(0, dy);
  });
  tape.gradient(sum(x * other), {x});
  CHECK(visits == 0);
}

TEST_CASE("a walk that throws leaves leaf gradients as they were") {
  const Variable x = watch(tensor<float>({1, 2}));
  Tape tape;
  const Variable bad = record("bad", {x}, x.value(), Saves::nothing(),
                              [](Node&, const Variable&) { throw std::runtime_error("inside"); });
  const Variable y = sum(bad) + sum(x * x);  // the good branch is walked first
  CHECK_THROWS_WITH(tape.backward(y), "inside");
  CHECK_FALSE(x.grad().defined());
  CHECK(exp(x).node().recorded());  // and the tape records again
}

TEST_CASE("a derivative of the wrong shape or dtype is our mistake, by name") {
  const Variable x = watch(ones({2, 3}));
  Tape tape;
  const auto with = [&](Tensor dx) {
    return record("wrong", {x}, x.value().clone(), Saves::nothing(),
                  [dx](Node& n, const Variable&) { n.add_grad(0, dx); });
  };
  CHECK_THROWS_WITH_AS(tape.backward(sum(with(ones({3, 2})))), doctest::Contains("wrong: the gradient of input 0"),
                       std::logic_error);
  CHECK_THROWS_AS(tape.backward(sum(with(ones({2, 3}, {.dtype = DType::float64})))), std::logic_error);
  const Variable unsaved = record("unsaved", {x}, x.value().clone(), Saves::nothing(),
                                  [](Node& n, const Variable& dy) { n.add_grad(0, dy * n.output()); });
  CHECK_THROWS_WITH_AS(tape.backward(sum(unsaved)), doctest::Contains("unsaved: its derivative asks for output"),
                       std::logic_error);
}

TEST_CASE("a derivative that asks for what there is not is our mistake, by name") {
  const Variable x = watch(ones({2, 3}));
  Tape tape;
  const auto refused = [&](const BackwardFn& backward, const char* words) {
    const Variable y = record("wrong", {x}, x.value().clone(), Saves::nothing(), backward);
    CHECK_THROWS_WITH_AS(tape.backward(sum(y)), doctest::Contains(words), std::logic_error);
  };
  refused([](Node& n, const Variable&) { n.input_shape(1); }, "wrong: its derivative asks for input 1 of 1");
  refused([](Node& n, const Variable&) { n.input(0); }, "wrong: its derivative asks for input 0, not saved");
  refused([](Node& n, const Variable&) { n.extra(0); }, "wrong: its derivative asks for extra 0 of 0");
  refused([](Node& n, const Variable& dy) { n.add_grad_product(0, dy, dy); },
          "wrong: the product of [2, 3] float32 cpu and [2, 3] float32 cpu is no gradient of input 0, [2, 3] float32");
  CHECK_THROWS_WITH_AS(Saves::input(31), doctest::Contains("only inputs 0 .. 30 can be named"), std::logic_error);
}

TEST_CASE("a record outside of a walk gives nothing, and still knows what was changed") {
  const Variable x = watch(ones({2}));
  const Tensor value = ones({2});
  Node* kept = nullptr;
  Tape tape;
  const Variable y = record("kept", {x}, value, Saves::output(), [&](Node& n, const Variable& dy) {
    kept = &n;
    n.add_grad(0, dy);
  });
  tape.backward(sum(y), Retain::yes);
  REQUIRE(kept != nullptr);
  CHECK(kept->wants(0));
  CHECK(kept->output().value().at({1}) == 1);
  CHECK_THROWS_WITH_AS(kept->add_grad(0, x), doctest::Contains("kept: add_grad outside of a walk"), std::logic_error);
  value.add_(1);
  expect_error([&] { kept->output(); }, {"backward: output of kept, [2] float32 cpu, was changed in place"});
}

TEST_CASE("a leaf whose value was replaced after it was saved has no second derivative") {
  const Variable x = watch(tensor<double>({2}));
  Tape tape;
  const Variable y = square(x);
  x.leaf()->value = tensor<double>({3});
  expect_error([&] { tape.gradient(y, {x}, CreateGraph::yes); },
               {"gradient: input 0 of square, [1] float64 cpu, is a leaf whose value was replaced", "hint"});
}

TEST_CASE("a gradient that does not fit the gathered one is refused before any leaf changed") {
  const Variable first = watch(ones({2}), "first"), x = watch(ones({2, 3}), "layer.weight");
  const auto expect_refused = [&](Tensor value, std::string_view described) {
    x.leaf()->grad = ones({2, 3});
    x.leaf()->value = value;
    Tape tape;
    const Variable loss = to(sum(x), DType::float32) + sum(first);
    expect_error([&] { tape.backward(loss); },
                 {"backward: the gradient of layer.weight", described, "[2, 3] float32 cpu", "zero_grad()"});
    CHECK_FALSE(first.grad().defined());
    CHECK(x.grad().to_vector<float>() == std::vector<float>(6, 1));
  };
  expect_refused(ones({3}), "[3] float32 cpu");
  expect_refused(ones({2, 3}, {.dtype = DType::float64}), "[2, 3] float64 cpu");

  x.zero_grad();
  x.leaf()->value = ones({2});
  Tape tape;
  const Variable before = sum(x);
  x.leaf()->value = ones({1});
  expect_error([&] { tape.backward(before + sum(x)); },
               {"layer.weight", "[1] float32", "[2] float32", "between tapes"});
}

TEST_CASE("slices and products of a leaf whose value was replaced meanwhile are refused too") {
  const Variable w = watch(ones({2, 2}), "layer.weight");
  const auto expect_refused = [&](const std::function<Variable()>& use, std::string_view described) {
    w.leaf()->value = ones({2, 2});
    Tape tape;
    const Variable before = use();
    w.leaf()->value = ones({2, 3});
    const Variable loss = before + sum(w);
    expect_error([&] { tape.backward(loss); }, {"backward: the gradient of layer.weight", described, "between tapes"});
    CHECK_FALSE(w.grad().defined());
  };
  expect_refused([&] { return sum(select(w, 0, 0)); }, "[2, 2] float32 cpu, cannot be added to the one it has, [2, 3]");
  expect_refused([&] { return sum(linear(ones({1, 2}), w)); }, "[2, 2] float32 cpu, cannot be added");
  w.leaf()->value = ones({2, 2});
  Tape tape;
  const Variable before = sum(linear(ones({1, 2}), w));
  w.leaf()->value = ones({2, 2}, {.dtype = DType::float64});
  const Variable loss = before + to(sum(select(w, 0, 0)), DType::float32);
  expect_error([&] { tape.backward(loss); }, {"[2, 2] float32 cpu, cannot be added", "[2, 2] float64 cpu"});
}

TEST_CASE("a refused gradient on another device names both") {
  const Variable x = watch(ones({2}), "x");
  x.leaf()->grad = ones({2}).to(reference);
  Tape tape;
  const Variable loss = sum(x);
  expect_error([&] { tape.backward(loss); }, {"the gradient of x, [2] float32 cpu", "[2] float32 reference"});
}

TEST_CASE("slices of one tensor gather in place, and nobody else's tensor is changed") {
  const Variable x = watch(tensor<float>({1, 2, 3, 4}));
  Tape tape;
  const Variable h = x * 1.0;
  const Variable steps = select(h, 0, 0) * 2 + select(h, 0, -1) * 3 + sum(slice(h, 0, 0, 4, 3));
  const Tensor upstream = tensor<float>({10, 10, 10, 10});
  const auto gradients = tape.gradient(steps + sum(h * upstream), {x, h});
  CHECK(gradients[0].value().to_vector<float>() == std::vector<float>{13, 10, 10, 14});
  CHECK(gradients[1].value().to_vector<float>() == std::vector<float>{13, 10, 10, 14});
  const Variable picked = select(x, 0, 1), same = x + 0;
  tape.backward(picked + same, upstream);  // x is handed upstream itself, then a slice is added
  CHECK(upstream.to_vector<float>() == std::vector<float>{10, 10, 10, 10});
  CHECK(x.grad().to_vector<float>() == std::vector<float>{10, 50, 10, 10});
}

TEST_CASE("slices of one tensor become one record where the derivative is recorded") {
  const auto records = [](int64_t steps) {
    const Variable x = watch(arange(0, steps * 3).to(DType::float64).reshape({steps, 3}));
    Tape tape;
    std::vector<Variable> parts;
    for (const Variable& part : split(x, 1)) parts.push_back(part * part);
    const Variable dx = tape.gradient(sum(square(cat(parts))), {x}, CreateGraph::yes)[0];  // 4 x^3
    const int64_t size = tape.size();
    tape.backward(sum(square(dx)));  // its derivative: 96 x^5
    CHECK(allclose(x.grad(), pow(x.value(), 5) * 96.0));
    return size;
  };
  CHECK(records(200) - records(100) == 2 * (records(100) - records(50)));
  CHECK(records(100) < 100 * 20);
}

TEST_CASE("slices that overlap, beside whole gradients, of a leaf and of a record, to second order") {
  const auto f = [](const std::vector<Variable>& v) {
    const Variable y = v[0] * v[0];
    const Variable of_leaf = sum(slice(v[0], 0, 0, 3) * slice(v[0], 0, 1, 4)) + sum(select(v[0], 1, 1));
    return of_leaf + sum(slice(y, 1, 0, 2, 1) * slice(y, 1, 0, kEnd, 2)) + sum(y * v[0]) + sum(slice(y, 0, 2, 2));
  };
  const Tensor x = arange(0, 12).to(DType::float64).reshape({4, 3}) / 8.0 - 0.6;
  CHECK(gradcheck(f, {x}) == "");
  CHECK(gradgradcheck(f, {x}) == "");
}

TEST_CASE("a chain of 100,000 records needs no deep stack") {
  const Variable x = watch(tensor<double>({1}));
  Tape tape;
  Variable y = x;
  for (int i = 0; i < 100000; ++i) y = y + 1;
  tape.backward(sum(y));
  CHECK(tape.size() == 100001);
  CHECK(x.grad().item() == 1);
}

TEST_CASE("a retained walk gives the same bits again") {
  const Variable w = watch(normal_float32({7, 7}, 2));
  Tape tape;
  Variable h = normal_float32({4, 7}, 3);
  for (int i = 0; i < 5; ++i) h = tanh(linear(h, w)) * h + h;
  const Variable loss = sum(h);
  tape.backward(loss, Retain::yes);
  const auto first = w.grad().to_vector<float>();
  w.zero_grad();
  tape.backward(loss);
  CHECK(w.grad().to_vector<float>() == first);
}

TEST_CASE("a weight used many times: one product or many, the same gradient") {
  const Tensor at_once = gradient_of_used_weight(50, {});
  CHECK(gradient_of_used_weight(50, {}).to_vector<float>() == at_once.to_vector<float>());
  CHECK(largest_difference(gradient_of_used_weight(50, {.pair_budget_bytes = 0}), at_once) < 1e-5);
  CHECK(largest_difference(gradient_of_used_weight(50, {.pair_budget_bytes = 500}), at_once) < 1e-5);
}

TEST_CASE("a weight on the left of many products: one product, as on the right") {
  const auto gradient = [](TapeOptions options) {
    const Variable w = watch(normal_float32({5, 5}, 0));
    Tape tape(options);
    Variable h = normal_float32({3, 5}, 1).transpose();
    for (int i = 0; i < 50; ++i) h = tanh(matmul(w, h));
    tape.backward(sum(h * h));
    return w.grad();
  };
  const Tensor at_once = gradient({}), one_by_one = gradient({.pair_budget_bytes = 0});
  CHECK(largest_difference(at_once, gradient_of_used_weight(50, {})) < 1e-5);
  CHECK(largest_difference(at_once, one_by_one) < 1e-5);
  CHECK(at_once.to_vector<float>() != one_by_one.to_vector<float>());  // rounded once, not at every use
}

TEST_CASE("pairs give what the sum over uses gives") {
  const Tensor x = normal_float32({6, 4}, 4, DType::float64), z = normal_float32({6, 4}, 5, DType::float64);
  const Variable w = watch(normal_float32({3, 4}, 6, DType::float64));
  Tape tape;
  tape.backward(sum(linear(x, w) * 2) + sum(linear(z, w)) + sum(w * w));
  const Tensor rows = ones({6, 3}, {.dtype = DType::float64}).transpose();
  const Tensor expected = matmul(rows, x) * 2 + matmul(rows, z) + w.value() * 2;
  CHECK(largest_difference(w.grad(), expected) < 1e-12);
}

TEST_CASE("a leaf may get a new value, and every copy sees it") {
  const Variable x = watch(tensor<float>({1, 2}), "x");
  const Variable copy = x;
  x.leaf()->value = tensor<float>({5, 6});
  CHECK(copy.value().at({0}) == 5);
  Tape tape;
  const Variable y = sum(x * x);
  x.leaf()->value = tensor<float>({0, 0});  // the record keeps the old one
  tape.backward(y);
  CHECK(x.grad().at({1}) == 12);
}

TEST_CASE("a walk that failed has spent the records it passed, and the next one says so") {
  const Variable x = watch(tensor<double>({2}));
  Tape tape;
  const Variable h = exp(x), y = h * h;
  const HookHandle failing = register_hook(h, [](const Variable&) { return Variable(ones({3})); });
  expect_error([&] { tape.backward(y, Retain::yes); }, {"a hook returned [3]"});
  expect_error([&] { tape.backward(y); }, {"a hook returned [3]"});  // the one before spent nothing
  CHECK_FALSE(x.grad().defined());
  failing.remove();
  expect_error([&] { tape.backward(y); }, {"went through record 1 (mul)", "even if it then failed", "Retain::yes"});
  tape.backward(h);  // was not reached
  CHECK(x.grad().item() == exp(x.value()).item());
}
