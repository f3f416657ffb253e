// tests/autograd/tape.cpp: who records, when, and what is refused
#include "autograd/tape.h"

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <thread>

#include "autograd/elementwise.h"
#include "autograd/indexing.h"
#include "autograd/pool.h"
#include "autograd/reduce.h"
#include "autograd/softmax.h"
#include "autograd/view.h"
#include "expect_error.h"
#include "tensor/create.h"

using namespace weft;

TEST_CASE("without a tape nothing is recorded") {
  const Variable x = watch(tensor<float>({1, 2}));
  const Variable y = x * x;
  CHECK_FALSE(y.node().recorded());
  CHECK(y.value().at({1}) == 4);
}

TEST_CASE("constants are not recorded, leaves and results are") {
  Tape tape;
  const Variable constant = tensor<float>({1, 2});
  CHECK_FALSE(exp(constant).node().recorded());
  CHECK(tape.size() == 0);
  const Variable y = exp(watch(constant.value()));
  CHECK(y.node() == NodeId{tape.id(), 0});
  CHECK_FALSE(exp(stop_gradient(y)).node().recorded());
}

TEST_CASE("the innermost tape records, and the outer one goes on after it") {
  const Variable x = watch(tensor<double>({3}));
  Tape outer;
  {
    Tape inner;
    const Variable y = sum(x * x);
    CHECK(y.node().tape == inner.id());
    CHECK(Tape::current() == &inner);
    inner.backward(y);
  }
  CHECK(Tape::current() == &outer);
  CHECK(outer.size() == 0);
  CHECK(x.grad().item() == 6);
}

TEST_CASE("an input of another tape, live or dead, is an error that names op and remedy") {
  const Variable x = watch(tensor<float>({1, 2}));
  {
    Tape outer;
    const Variable y = x * x;
    Tape inner;
    expect_error([&] { sigmoid(y); }, {"sigmoid: input 0", "another tape", "watch(x)", "stop_gradient(x)"});
    CHECK(inner.size() == 0);
  }
  Variable of_dead_tape;
  {
    Tape dead;
    of_dead_tape = exp(x);
  }
  CHECK_NOTHROW(exp(of_dead_tape));  // no tape, no recording
  Tape tape;
  expect_error([&] { mul(x, of_dead_tape); }, {"mul: input 1", "another tape", "watch(x)", "stop_gradient(x)"});
}

TEST_CASE("tapes that die out of order are unlinked") {
  std::optional<Tape> first(std::in_place);
  std::optional<Tape> second(std::in_place);
  first.reset();
  CHECK(Tape::current() == &*second);
  second.reset();
  CHECK(Tape::current() == nullptr);
}

TEST_CASE("a tape that dies on another thread is unlinked") {
  auto outer = std::make_unique<Tape>();
  auto inner = std::make_unique<Tape>();
  std::thread([dying = std::move(outer)]() mutable { dying.reset(); }).join();
  CHECK(Tape::current() == inner.get());
  std::thread([dying = std::move(inner)]() mutable { dying.reset(); }).join();
  CHECK(Tape::current() == nullptr);
  CHECK_FALSE(exp(watch(ones({2}))).node().recorded());

  std::unique_ptr<Tape> orphan;  // and one may outlive its thread
  std::thread([&] { orphan = std::make_unique<Tape>(); }).join();
  const Tape tape;
  orphan.reset();
  CHECK(Tape::current() == &tape);
}

TEST_CASE("a tape is walked on its own thread") {
  Tape tape;
  const Variable y = sum(exp(watch(tensor<float>({1}))));
  std::string message;
  std::thread([&] {
    CHECK(Tape::current() == nullptr);
    try {
      tape.backward(y);
    } catch (const Error& error) {
      message = error.what();
    }
  }).join();
  CHECK(message.find("belongs to another thread") != std::string::npos);
}

TEST_CASE("backward refuses what it cannot walk") {
  const Variable x = watch(tensor<float>({1, 2}));
  const Variable before = sum(x);
  Tape tape;
  expect_error([&] { tape.backward(before); }, {"backward: nothing to do", "never recorded", "hint"});
  expect_error([&] { tape.backward(x); }, {"backward: nothing to do"});
  expect_error([&] { tape.backward(Variable()); }, {"backward: nothing to do", "undefined"});
  const Variable y = x * x;
  expect_error([&] { tape.backward(y); }, {"backward: the loss has 2 elements", "[2] float32", "sum or mean"});
  expect_error([&] { tape.backward(y, tensor<float>({1, 2, 3})); }, {"backward: the upstream gradient", "[3]", "[2]"});
  expect_error([&] { tape.backward(y, tensor<double>({1, 2})); }, {"float64", "float32"});
  expect_error([&] { tape.backward(y, Tensor()); }, {"backward: the upstream gradient dy is undefined", "hint"});
  Tape other;
  const Variable z = sum(exp(x));
  expect_error([&] { tape.backward(z); }, {"backward: ", "was recorded on tape", "hint"});
  CHECK_FALSE(x.grad().defined());
}

TEST_CASE("records are spent after a walk, unless they are retained") {
  const Variable x = watch(tensor<float>({1, 2}));
  Tape tape;
  const Variable loss = sum(exp(x));
  tape.backward(loss);
  expect_error([&] { tape.backward(loss); },
               {"backward: an earlier backward went through record 1 (sum)", "Retain::yes"});
  CHECK(x.grad().at({0}) == doctest::Approx(std::exp(1.0)));

  const Variable kept = sum(exp(x));
  tape.backward(kept, Retain::yes);
  CHECK_NOTHROW(tape.backward(kept));
}

TEST_CASE("a tensor changed in place after it was saved is an error that says so") {
  const Variable x = watch(zeros({16, 128}));
  Tape tape;
  const Variable h = exp(x), y = h * h, s = sigmoid(h);
  h.value().add_(ones({16, 128}));
  expect_error([&] { tape.backward(sum(y)); },
               {"backward: input 1 of mul, [16, 128] float32 cpu, was changed in place after it was saved (version ",
                ", saved at ", "hint: use add() or clone() before the change"});
  s.value().mul_(2);
  expect_error([&] { tape.backward(sum(s)); }, {"backward: output of sigmoid, [16, 128] float32 cpu"});
  CHECK_FALSE(x.grad().defined());
}

TEST_CASE("an index or a mask changed in place after it was saved is an error that says so") {
  const Variable x = watch(ones({2, 3}));
  const Tensor mask = tensor<bool>({true, false, true}), index = zeros({2, 3}, {.dtype = DType::int64});
  const Tensor picks = zeros({2}, {.dtype = DType::int64});
  Tape tape;
  const Variable chosen = where(mask, x, x * 2), gathered = gather(x, 1, index), selected = index_select(x, 0, picks);
  const Variable scattered = scatter_add(ones({2, 3}), 1, index, x), loss = softmax_cross_entropy(x, picks);
  mask.fill_(false);
  index.fill_(1);
  picks.fill_(1);
  const auto expect_changed = [&](const Variable& y, std::string_view what) {
    CAPTURE(what);
    expect_error([&] { tape.backward(sum(y)); }, {"backward: ", what, "was changed in place after it was saved"});
  };
  expect_changed(chosen, "a saved index or mask of where, [3] bool cpu");
  expect_changed(gathered, "a saved index or mask of gather, [2, 3] int64 cpu");
  expect_changed(selected, "a saved index or mask of index_select, [2] int64 cpu");
  expect_changed(scattered, "a saved index or mask of scatter_add, [2, 3] int64 cpu");
  expect_changed(loss, "a saved index or mask of softmax_cross_entropy, [2, 1] int64 cpu");
  CHECK_FALSE(x.grad().defined());
}

TEST_CASE("max_pool2d keeps positions of its own: its input may change") {
  const Variable x = watch(tensor<float>({1, 4, 3, 2}, Shape{1, 1, 2, 2}));
  Tape tape;
  const Variable y = max_pool2d(x, 2, 2, {});
  x.value().fill_(0);
  tape.backward(sum(y));
  CHECK(x.grad().to_vector<float>() == std::vector<float>{0, 1, 0, 0});
}

TEST_CASE("watch, grad and zero_grad refuse what has no gradient") {
  expect_error([] { watch(arange(0, 3)); }, {"watch: [3] int64", "no gradient", "hint"});
  expect_error([] { watch(Tensor()); }, {"watch: ", "undefined"});
  const Variable constant = ones({2});
  expect_error([&] { constant.grad(); }, {"grad: [2] float32", "not a leaf"});
  expect_error([&] { constant.zero_grad(); }, {"zero_grad: [2] float32", "not a leaf"});
  Tape tape;
  const Variable x = watch(ones({2}));
  expect_error([&] { to(x, DType::int64); }, {"to: ", "has no gradient", "stop_gradient(x)"});
}

TEST_CASE("bytes_saved counts what records hold and falls to 0") {
  const Variable x = watch(ones({100}));
  Tape tape;
  const Variable h = exp(x);      // saves its output
  const Variable y = sum(h * x);  // saves h; the leaf lives anyway
  CHECK(tape.bytes_saved() == 2 * 100 * 4);
  tape.backward(y);
  CHECK(tape.bytes_saved() == 0);
  CHECK(tape.size() == 3);
}
