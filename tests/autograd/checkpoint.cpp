// tests/autograd/checkpoint.cpp: the same gradients from less memory
#include "autograd/checkpoint.h"

#include <doctest/doctest.h>

#include "autograd/autograd.h"
#include "expect_error.h"
#include "nn/dropout.h"
#include "tensor/create.h"
#include "tensor/fusing.h"
#include "tensor/random.h"
#include "tests/autograd/normal.h"

using namespace weft;

namespace {

struct Result {
  std::vector<double> loss, dx, dw;
  int64_t bytes;
  bool operator==(const Result& other) const { return loss == other.loss && dx == other.dx && dw == other.dw; }
};

/// Four blocks, each with a weight and dropout; `call` runs one block.
template <class Call>
Result train(TapeOptions options, const Call& call) {
  RandomStream stream(3, 0);
  const Variable x = watch(normal({8, 16}, 0)), w = watch(normal({16, 16}, 1), "w");
  const Segment block = [&](const std::vector<Variable>& in) {
    return nn::dropout(tanh(linear(tanh(linear(in[0], w)), w)), 0.5, stream, true) * in[1];
  };
  Tape tape(options);
  Variable h = x * 1;
  for (int i = 0; i < 4; ++i) h = call(block, {h, x});
  const Variable loss = sum(h * h);
  Result result{loss.value().to_vector<double>(), {}, {}, tape.bytes_saved()};
  tape.backward(loss);
  result.dx = x.grad().to_vector<double>();
  result.dw = w.grad().to_vector<double>();
  CHECK(stream.position() == 4 * 8 * 16);  // the second run leaves no trace
  return result;
}

const auto plain = [](const Segment& block, const std::vector<Variable>& in) { return block(in); };

}  // namespace

TEST_CASE("checkpointed blocks with dropout: the same loss and gradients, fewer bytes") {
  const TapeOptions unpaired{.pair_budget_bytes = 0};  // products are added in the same order
  const Result whole = train(unpaired, plain), less = train(unpaired, checkpoint);
  CHECK(less.loss == whole.loss);
  for (size_t i = 0; i < whole.dw.size(); ++i) CHECK(less.dw[i] == doctest::Approx(whole.dw[i]).epsilon(1e-12));
  for (size_t i = 0; i < whole.dx.size(); ++i) CHECK(less.dx[i] == doctest::Approx(whole.dx[i]).epsilon(1e-12));
  CHECK(less.bytes * 2 < whole.bytes);
}

TEST_CASE("segments hold segments") {
  const auto nested = [](const Segment& block, const std::vector<Variable>& in) {
    const Segment outer = [&block](const std::vector<Variable>& xs) { return checkpoint(block, xs); };
    return checkpoint(outer, in);
  };
  CHECK(train({}, nested) == train({}, checkpoint));
}

TEST_CASE("a tape for higher orders records the segment itself") {
  const Variable x = watch(tensor<double>({2}));
  const Segment cube = [](const std::vector<Variable>& in) { return in[0] * in[0] * in[0]; };
  {
    Tape tape({.higher_order = true});
    const Variable dx = tape.gradient(checkpoint(cube, {x}), {x}, CreateGraph::yes)[0];
    CHECK(tape.gradient(dx, {x})[0].item() == 12);
  }
  Tape tape;
  const Variable y = checkpoint(cube, {x});
  expect_error([&] { tape.gradient(y, {x}, CreateGraph::yes); }, {"(checkpoint) is fused", "higher_order = true"});
  CHECK(tape.gradient(y, {x})[0].item() == 12);
  CHECK(checkpoint(cube, {Variable(tensor<double>({2}))}).item() == 8);
}

TEST_CASE("fused functions switched off: a checkpoint still saves memory") {
  const Result fused = train({}, checkpoint);
  set_fusing(false);
  const Result composed = train({}, checkpoint);
  set_fusing(true);
  CHECK(composed == fused);  // nothing in a block has another form
  CHECK(composed.bytes == fused.bytes);
}

TEST_CASE("a segment that computes nothing hands its input or constant on") {
  const Variable x = watch(ones({2}));
  Tape tape;
  const Variable h = x * 2;
  CHECK(checkpoint([](const std::vector<Variable>& in) { return in[0]; }, {h}).node() == h.node());
  CHECK_FALSE(checkpoint([](const std::vector<Variable>&) { return Variable(ones({3})); }, {h}).node().recorded());
  CHECK(tape.size() == 1);
}

TEST_CASE("only the gradients that are asked for, also of a leaf used inside") {
  const Variable x = watch(tensor<double>({2})), w = watch(tensor<double>({5})), unused = watch(tensor<double>({1}));
  Tape tape;
  const Variable y = checkpoint(
      [&](const std::vector<Variable>& in) {
        exp(unused);
        return in[0] * w * in[1];
      },
      {x, tensor<double>({3})});
  CHECK(tape.gradient(y, {w}, CreateGraph::no, {}, Retain::yes)[0].item() == 6);
  tape.backward(y);
  CHECK(x.grad().item() == 15);
  CHECK_FALSE(unused.grad().defined());
}

TEST_CASE("what changed between the two runs is refused") {
  const Variable x = watch(ones({2})), w = watch(ones({2}), "w"), unnamed = watch(ones({2}));
  const auto backward_after = [&](const Variable& weight, const std::function<void()>& change) {
    Tape tape;
    const Variable y = sum(checkpoint([&](const std::vector<Variable>& in) { return in[0] * weight; }, {x}));
    change();
    tape.backward(y);
  };
  expect_error([&] { backward_after(w, [&] { w.value().add_(1); }); },
               {"input 1 of checkpoint", "was changed in place"});
  expect_error([&] { backward_after(w, [&] { w.leaf()->value = ones({2}); }); },
               {"checkpoint: the value of w, [2] float32 cpu, was replaced"});
  expect_error([&] { backward_after(unnamed, [&] { unnamed.leaf()->value = ones({2}); }); }, {"a leaf used inside"});
  int runs = 0;
  Tape tape;
  const Variable y = sum(checkpoint(
      [&](const std::vector<Variable>& in) { return ++runs == 1 ? in[0] * 2 : slice(in[0], 0, 0, 1); }, {x}));
  expect_error([&] { tape.backward(y); }, {"checkpoint: computed again, the segment gave [1]", "for a gradient [2]"});
}

TEST_CASE("every stream a segment draws from is found, its own too") {
  RandomStream first(3, 0), second(3, 1);
  std::vector<std::vector<double>> drawn;
  const Segment noisy = [&](const std::vector<Variable>& in) {
    RandomStream own(5, 0);
    const TensorOptions options{.dtype = DType::float64};
    const Tensor noise = random_normal({4}, second, 0, 1, options) + random_uniform({4}, own, 0, 1, options);
    const Tensor more = random_permutation(4, first).to(DType::float64) + random_normal({4}, second, 0, 1, options);
    drawn.push_back((noise * 10 + more).to_vector<double>());
    return in[0] * (noise * 10 + more);
  };
  const Variable x = watch(ones({4}, {DType::float64}));
  Tape tape;
  const Variable y = sum(checkpoint(noisy, {x}) + checkpoint(noisy, {x}));
  second.below(7);
  const uint64_t at_first = first.position(), at_second = second.position();
  tape.backward(y);
  CHECK(first.position() == at_first);
  CHECK(second.position() == at_second);
  REQUIRE(drawn.size() == 4);
  CHECK(drawn[2] == drawn[1]);  // the way back meets the last segment first
  CHECK(drawn[3] == drawn[0]);
  CHECK(drawn[0] != drawn[1]);
}

TEST_CASE("a segment that draws from other streams the second time is refused") {
  RandomStream first(3, 0), second(3, 1);
  const Variable x = watch(ones({2}));
  const auto run = [&](int streams_before, int streams_after, bool swap) {
    int runs = 0;
    Tape tape;
    const Variable y = sum(checkpoint(
        [&](const std::vector<Variable>& in) {
          const bool again = runs++ > 0;
          for (int i = 0; i < (again ? streams_after : streams_before); ++i)
            ((i == 1) != (again && swap) ? second : first).uniform();
          return in[0] * 2;
        },
        {x}));
    tape.backward(y);
  };
  run(2, 2, false);
  expect_error([&] { run(1, 2, false); }, {"RandomStream: the second run draws from stream 1 of seed 3", "did not"});
  expect_error([&] { run(2, 2, true); }, {"stream 1 of seed 3 where the first run drew from stream 0 of seed 3"});
}

TEST_CASE("a hook on a leaf runs once a walk, on the whole gradient, however deep the segments") {
  const Variable w = watch(tensor<double>({5}), "w");
  std::vector<double> seen;
  register_hook(w, [&](const Variable& gradient) { return seen.push_back(gradient.item()), gradient * 0.5; });
  const Segment inner = [&](const std::vector<Variable>& in) { return in[0] * w; };
  const Segment outer = [&](const std::vector<Variable>& in) { return checkpoint(inner, in) * w; };
  for (const Segment& segment : {inner, outer}) {
    const Variable x = watch(tensor<double>({1}));
    std::vector<double> expected;
    for (const bool checkpointed : {false, true}) {
      w.zero_grad();
      seen.clear();
      Tape tape;
      tape.backward((checkpointed ? checkpoint(segment, {x}) : segment({x})) + 3 * w);
      CHECK(seen.size() == 1);
      if (!checkpointed) expected = {seen[0], w.grad().item()};
      else CHECK(std::vector<double>{seen[0], w.grad().item()} == expected);
    }
  }
}

TEST_CASE("a hook on an input inside a segment runs when the segment's derivative is taken") {
  const Variable x = watch(tensor<double>({3}));
  int calls = 0;
  Tape tape;
  tape.backward(checkpoint(
      [&](const std::vector<Variable>& in) {
        register_hook(in[0], [&](const Variable& gradient) { return ++calls, gradient * 10; });
        return in[0] * 2;
      },
      {x}));
  CHECK(calls == 1);
  CHECK(x.grad().item() == 20);
}

TEST_CASE("an input that is left out is left out again") {
  const Variable x = watch(tensor<double>({3}));
  const Segment scale = [](const std::vector<Variable>& in) { return in[1].defined() ? in[0] * in[1] : in[0] * 2; };
  Tape tape;
  tape.backward(checkpoint(scale, {x, Variable()}));
  CHECK(x.grad().item() == 2);
}
