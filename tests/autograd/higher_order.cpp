// tests/autograd/higher_order.cpp: derivatives of derivatives
#include <doctest/doctest.h>

#include <cmath>

#include "autograd/autograd.h"
#include "expect_error.h"
#include "tensor/create.h"
#include "tensor/fusing.h"
#include "tensor/random.h"
#include "tests/autograd/normal.h"

using namespace weft;

namespace {}  // namespace

TEST_CASE("x^3 differentiated until nothing is left") {
  const Variable x = watch(tensor<double>({2}));
  Tape tape;
  const Variable y = pow(x, 3);
  const Variable d1 = tape.gradient(y, {x}, CreateGraph::yes)[0];
  const Variable d2 = tape.gradient(d1, {x}, CreateGraph::yes)[0];
  const Variable d3 = tape.gradient(d2, {x}, CreateGraph::yes)[0];
  CHECK(d1.item() == doctest::Approx(12));
  CHECK(d2.item() == doctest::Approx(12));
  CHECK(d3.item() == doctest::Approx(6));
  const Variable d4 = tape.gradient(d3, {x}, CreateGraph::yes)[0];
  CHECK(d4.item() == 0);
  CHECK_FALSE(x.grad().defined());
}

TEST_CASE("tanh'' = -2 y (1 - y^2), also by backward of a recorded gradient") {
  const Variable x = watch(tensor<double>({0.7}));
  Tape tape;
  const Variable d1 = tape.gradient(tanh(x), {x}, CreateGraph::yes)[0];
  CHECK(d1.node().tape == tape.id());
  tape.backward(sum(d1));
  const double y = std::tanh(0.7);
  CHECK(x.grad().item() == doctest::Approx(-2 * y * (1 - y * y)));
  CHECK(tape.bytes_saved() == 0);
}

TEST_CASE("second derivatives of products and convolutions") {
  const Window2d window{.stride = {2, 1}, .padding = {1, 0}};
  const auto product = [](const std::vector<Variable>& v) { return matmul(v[0], v[1]); };
  const auto layer = [](const std::vector<Variable>& v) { return square(linear(v[0], v[1], v[2])); };
  const auto conv = [&](const std::vector<Variable>& v) { return square(conv2d(v[0], v[1], v[2], window)); };
  CHECK(gradgradcheck(product, {normal({2, 3, 4}, 0), normal({4, 2}, 1)}) == "");
  CHECK(gradgradcheck(layer, {normal({3, 2}, 0), normal({4, 2}, 1), normal({4}, 2)}) == "");
  CHECK(gradgradcheck(conv, {normal({2, 2, 5, 4}, 0), normal({3, 2, 3, 2}, 1), normal({3}, 2)}) == "");
}

TEST_CASE("an input that was watched keeps its place: d2 (x y) / dx dy = 1") {
  const Variable x = watch(tensor<double>({2})), y = watch(tensor<double>({3}));
  Tape tape;
  const Variable dx = tape.gradient(x * y * 1.0, {x}, CreateGraph::yes)[0];
  const auto second = tape.gradient(dx, {x, y});
  CHECK(second[0].item() == 0);
  CHECK(second[1].item() == 1);
}

TEST_CASE("fused records refuse to be differentiated twice, unless the tape composes") {
  const Variable logits = watch(normal({4, 3}, 3));
  const Tensor target = tensor<int64_t>({0, 2, 1, 1});
  {
    Tape tape;
    const Variable loss = softmax_cross_entropy(logits, target);
    CHECK(tape.size() == 1);
    expect_error([&] { tape.gradient(loss, {logits}, CreateGraph::yes); },
                 {"gradient: record 0 (softmax_cross_entropy) is fused", "Tape({.higher_order = true})"});
    CHECK_NOTHROW(tape.gradient(loss, {logits}));
  }
  Tape tape({.higher_order = true});
  CHECK(composing());
  const Variable loss = softmax_cross_entropy(logits, target);
  CHECK(tape.size() > 1);
  CHECK_NOTHROW(tape.gradient(loss, {logits}, CreateGraph::yes));
}

TEST_CASE("without fusing every tape composes") {
  const Variable logits = watch(normal({4, 3}, 3));
  const Variable projected = watch(normal({2, 3, 8}, 4)), weight = watch(normal({8, 2}, 5)), state(normal({3, 2}, 6));
  const Tensor target = tensor<int64_t>({0, 2, 1, 1});
  const auto records = [&](bool fused) {
    set_fusing(fused);
    Tape tape;
    const Variable loss = sum(softmax_cross_entropy(logits, target));
    const int64_t entropy = tape.size();
    const Variable h = lstm_sequence(projected, weight, state, state).last_h;
    if (!fused) CHECK_NOTHROW(tape.gradient(sum(h) + loss, {logits, weight}, CreateGraph::yes));
    set_fusing(true);
    return std::pair(entropy, tape.size() - entropy);
  };
  const auto fused = records(true), composed = records(false);
  CHECK(fused.first == 2);
  CHECK(composed.first > 3);
  CHECK(fused.second == 4);  // the sequence, and the three parts of its result
  CHECK(composed.second > 20);
}

TEST_CASE("scaled_gates: one record without the scales, or a composed twin that gives the same") {
  const std::vector<Variable> v{watch(normal({3, 14}, 0)), watch(normal({3, 14}, 1)), watch(normal({3, 3, 2, 4}, 2)),
                                watch(normal({3, 2, 7, 4}, 3)), watch(normal({14}, 4))};
  const auto run = [&](bool higher_order) {
    Tape tape({.higher_order = higher_order});
    const Variable y = scaled_gates(v[0], v[1], v[2], v[3], v[4]);
    CHECK((tape.size() == 1) == !higher_order);
    std::vector<Tensor> results{y.value()};
    for (const Variable& dx : tape.gradient(y, v, CreateGraph::no, Variable(normal({3, 14}, 5)))) {
      results.push_back(dx.value());
    }
    return results;
  };
  const std::vector<Tensor> fused = run(false), composed = run(true);
  for (size_t i = 0; i < fused.size(); ++i) CHECK(max(abs(fused[i] - composed[i])).item() < 1e-12);
}

TEST_CASE("an outer tape can be differentiated while an inner one lives") {
  const Variable x = watch(tensor<double>({2}));
  Tape outer;
  const Variable y = pow(x, 3);
  Tape inner;
  const Variable d1 = outer.gradient(y, {x}, CreateGraph::yes)[0];
  CHECK(d1.node().tape == outer.id());
  CHECK(Tape::current() == &inner);
  CHECK(inner.size() == 0);
  CHECK(outer.gradient(d1, {x})[0].item() == doctest::Approx(12));
}
