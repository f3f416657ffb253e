// autograd/tape.cpp: the stack of live tapes, and what a walk is started with
#include "autograd/tape.h"

#include <atomic>
#include <unordered_set>

#include "autograd/tape_stack.h"
#include "autograd/walk.h"
#include "tensor/create.h"

namespace weft {
namespace {

uint64_t next_tape_id() {
  static std::atomic<uint64_t> last{0};
  return ++last;
}

Tensor filled_like(const Variable& x, Scalar value) {
  return full(x.shape(), value, {.dtype = x.dtype(), .device = x.device()});
}

/// Contiguous, and shared with nobody: changing one gradient in place must not change another.
Tensor owned(Variable gradient) {
  const Tensor value = gradient.value();
  gradient = Variable();
  return value.is_contiguous() && value.is_sole_owner() ? value : value.clone();
}

}  // namespace

Tape* Tape::current() { return TapeStack::here()->innermost(); }

Tape::Tape(TapeOptions options) : id_(next_tape_id()), options_(options), stack_(TapeStack::here()) {
  stack_->push(*this);
}

Tape::~Tape() { stack_->remove(*this); }

void Tape::check_start(std::string_view name, const Variable& y, const Variable& dy) const {
  if (stack_ != TapeStack::here())
    fail(name, "tape {} belongs to another thread; hint: walk it on the thread that made it", id_);
  if (!y.defined() || !y.node().recorded())
    fail(name,
         "nothing to do: {} was never recorded; hint: make the Tape before computing it, and compute it from a "
         "parameter or a watch(x)",
         y.defined() ? y.value().describe() : "an undefined Variable");
  if (y.node().tape != id_)
    fail(name,
         "{} was recorded on tape {}, this is tape {}; hint: keep the Tape alive under which it was computed, and "
         "call its {}",
         y.value().describe(), y.node().tape, id_, name);
  if (dy.defined() && (dy.shape() != y.shape() || dy.dtype() != y.dtype() || dy.device() != y.device()))
    fail(name, "the upstream gradient does not fit: dy is {}, y is {}; hint: give dy the shape, dtype and device of y",
         dy.value().describe(), y.value().describe());
}

void Tape::backward(const Variable& loss, Retain retain) {
  check_start("backward", loss, {});
  if (loss.numel() != 1)
    fail("backward", "the loss has {} elements, {}; hint: take its sum or mean, or pass the upstream gradient dy",
         loss.numel(), loss.value().describe());
  backward(loss, filled_like(loss, 1), retain);
}

void Tape::backward(const Variable& y, const Tensor& dy, Retain retain) {
  if (!dy.defined()) fail("backward", "the upstream gradient dy is undefined; hint: leave it out for a scalar loss");
  check_start("backward", y, dy);
  Walk walk("backward", *this, CreateGraph::no, retain);
  walk.run(y, dy);
  walk.add_to_leaves();
}

std::vector<Variable> Tape::gradient(const Variable& y, std::span<const Variable> xs, CreateGraph create_graph,
                                     const Variable& dy, Retain retain) {
  check_start("gradient", y, dy);
  for (size_t i = 0; i < xs.size(); ++i)
    if (!xs[i].is_leaf() && xs[i].node().tape != id_)
      fail("gradient", "x {}, {}, is neither a leaf nor recorded on this tape; hint: use watch(x) before y is computed",
           i, xs[i].defined() ? xs[i].value().describe() : "undefined");

  const bool recorded = create_graph == CreateGraph::yes;
  std::vector<Variable> gradients;
  {
    Walk walk("gradient", *this, create_graph, recorded ? Retain::yes : retain);
    walk.aim_at(xs, y.node().index);
    const Variable start = dy.defined() ? dy : Variable(filled_like(y, 1));
    walk.run(y, recorded ? start : stop_gradient(start));
    for (const Variable& x : xs) gradients.push_back(walk.gradient_of(x));
  }
  for (size_t i = 0; i < xs.size(); ++i) {
    if (!gradients[i].defined()) gradients[i] = Variable(filled_like(xs[i], 0));
    if (!recorded) gradients[i] = Variable(owned(std::move(gradients[i])));
  }
  return gradients;
}

std::vector<Variable> Tape::leaves(const Variable& y) const {
  check_start("leaves", y, {});
  std::vector<bool> needed(static_cast<size_t>(y.node().index) + 1, false);
  needed.back() = true;
  for (size_t i = needed.size(); i-- > 0;)
    for (const Node::Input& input : nodes_[i].inputs_)
      if (needed[i] && input.node.recorded()) needed[static_cast<size_t>(input.node.index)] = true;
  std::vector<Variable> leaves;
  std::unordered_set<const Leaf*> seen;
  for (size_t i = 0; i < needed.size(); ++i)
    for (const Node::Input& input : nodes_[i].inputs_)
      if (needed[i] && input.leaf && seen.insert(input.leaf.get()).second) leaves.emplace_back(input.leaf);
  return leaves;
}

std::shared_ptr<Hooks>& Tape::hooks_of(NodeId node) {
  Node& recorded = nodes_[static_cast<size_t>(node.index)];
  if (recorded.spent_)
    fail("register_hook", "record {} ({}) was walked and is spent; hint: register the hook before backward", node.index,
         recorded.op_);
  return recorded.hooks_;
}

int64_t Tape::bytes_saved() const {
  int64_t bytes = 0;
  for (const Node& node : nodes_) bytes += node.bytes_saved();
  return bytes;
}

}  // namespace weft
