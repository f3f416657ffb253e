// tests/op_table/gradients.cpp: one walk over the tape, or two
#include "tests/op_table/gradients.h"

#include "autograd/elementwise.h"
#include "autograd/reduce.h"
#include "autograd/tape.h"
#include "tensor/random.h"

namespace weft::op_table {

Tensors gradients_of(const Call& f, const Vars& xs, Order order) {
  Tape& tape = *Tape::current();
  RandomStream stream(11, 0);
  const auto random_like = [&](const Variable& y) {
    const Tensor drawn = random_normal(y.shape(), stream, 0, 1, {.dtype = DType::float32, .device = reference});
    return Variable(drawn.to(y.device()).to(y.dtype()));
  };
  const Variable y = f(xs);
  if (!y.node().recorded()) return {};
  const bool twice = order == Order::second;
  Tensors gradients;
  Variable weighted;
  for (const Variable& dx : tape.gradient(y, xs, twice ? CreateGraph::yes : CreateGraph::no, random_like(y))) {
    gradients.push_back(dx.value());
    if (!twice || !dx.node().recorded()) continue;
    const Variable term = sum(dx * random_like(dx));
    weighted = weighted.defined() ? weighted + term : term;
  }
  if (weighted.defined())
    for (const Variable& ddx : tape.gradient(weighted, xs)) gradients.push_back(ddx.value());
  return gradients;
}

Tensors gradients_at(const Call& f, const Tensors& inputs, Order order) {
  Tape tape({.higher_order = order == Order::second});
  Vars leaves;
  for (const Tensor& x : inputs) leaves.push_back(watch(x));
  return gradients_of(f, leaves, order);
}

}  // namespace weft::op_table
