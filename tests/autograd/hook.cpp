// tests/autograd/hook.cpp: gradients seen and replaced on their way
#include "autograd/hook.h"

#include <doctest/doctest.h>

#include "autograd/autograd.h"
#include "expect_error.h"
#include "tensor/create.h"

using namespace weft;

TEST_CASE("a hook sees the whole gradient of a record, and what it returns flows on") {
  const Variable x = watch(tensor<double>({1, 2}));
  Tape tape;
  const Variable h = x * 3;
  double seen = 0;
  int calls = 0;
  register_hook(h, [&](const Variable& gradient) {
    ++calls;
    seen = gradient.value().at({1});
    return gradient * 10;
  });
  register_hook(h, [&](const Variable& gradient) {
    CHECK(gradient.value().at({1}) == 50);  // after the first hook
    return Variable();
  });
  const Variable y = sum(h * 2 + h * 3);
  tape.backward(y);
  CHECK(calls == 1);
  CHECK(seen == 5);
  CHECK(x.grad().to_vector<double>() == std::vector<double>{150, 150});
}

TEST_CASE("a hook of a leaf sees the sum of one walk, before it is added") {
  const Variable x = watch(tensor<double>({1, 2}));
  std::vector<double> seen;
  const HookHandle handle = register_hook(x, [&](const Variable& gradient) {
    seen.push_back(gradient.value().at({0}));
    return gradient * 2;
  });
  for (int i = 0; i < 2; ++i) {
    Tape tape;
    tape.backward(sum(x * 3 + x));
  }
  CHECK(seen == std::vector<double>{4, 4});
  CHECK(x.grad().at({0}) == 16);
  Tape tape;
  const Variable y = sum(x * x);
  CHECK(tape.gradient(y, {x}, CreateGraph::no, {}, Retain::yes)[0].value().at({1}) == 8);  // 2 x, doubled
  handle.remove();
  handle.remove();
  CHECK(tape.gradient(y, {x})[0].value().at({1}) == 4);
}

TEST_CASE("hooks of leaves run in the order the walk met them, those after accumulation last of all") {
  const Variable a = watch(ones({2})), b = watch(ones({2}));
  std::string order;
  register_post_accumulate_hook(a, [&](const Variable& leaf) {
    CHECK(b.grad().defined());
    order += leaf.grad().at({0}) == 1 ? "A" : "?";
  });
  register_post_accumulate_hook(b, [&](const Variable&) { order += "B"; });
  register_hook(a, [&](const Variable&) { return order += "a", Variable(); });
  const HookHandle once = register_hook(b, [&](const Variable&) {
    order += "b";
    CHECK_FALSE(a.grad().defined());
    return Variable();
  });
  Tape tape;
  const Variable y = sum(a + exp(b));  // the walk meets a first
  tape.gradient(y, {a, b}, CreateGraph::no, {}, Retain::yes);
  CHECK(order == "ab");
  tape.backward(y);
  CHECK(order == "ababAB");
  once.remove();
}

TEST_CASE("a hook may remove itself, and what it computes is differentiated again") {
  const Variable x = watch(tensor<double>({3}));
  Tape tape;
  HookHandle handle;
  int calls = 0;
  handle = register_hook(x, [&](const Variable& gradient) {
    ++calls;
    handle.remove();
    return gradient * gradient;
  });
  const Variable dx = tape.gradient(sum(x * x), {x}, CreateGraph::yes)[0];  // (2 x)^2
  CHECK(dx.item() == 36);
  CHECK(tape.gradient(dx, {x})[0].item() == 24);  // 8 x
  CHECK(calls == 1);
}

TEST_CASE("hooks that cannot run, or return what does not fit, are refused") {
  const Variable x = watch(ones({2}));
  const GradientHook same = [](const Variable& gradient) { return gradient; };
  expect_error([&] { register_hook(Variable(ones({2})), same); }, {"register_hook: [2]", "is a constant", "watch(x)"});
  expect_error([&] { register_hook(Variable(), same); }, {"an undefined Variable is a constant"});
  Variable y;
  {
    Tape tape;
    y = sum(x * x);
    expect_error([&] { register_post_accumulate_hook(y, [](const Variable&) {}); }, {"is not a leaf", "register_hook"});
    expect_error([&] { register_post_accumulate_hook({}, [](const Variable&) {}); }, {"an undefined Variable"});
    tape.backward(y);
    expect_error([&] { register_hook(y, same); }, {"record 1 (sum) was walked and is spent"});
  }
  expect_error([&] { register_hook(y, same); }, {"not alive on this thread", "keep the Tape alive"});

  x.zero_grad();
  register_hook(x, [](const Variable&) { return Variable(ones({3})); });
  Tape tape;
  expect_error([&] { tape.backward(sum(x * x)); }, {"backward: a hook returned [3] float32", "for the gradient [2]"});
  CHECK_FALSE(x.grad().defined());
}
