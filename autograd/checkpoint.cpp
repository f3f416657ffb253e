// autograd/checkpoint.cpp: the segment on a tape of its own, once to see what it uses and once for the derivative
//
//   y = checkpoint(f, x...)     dx, dw = derivatives of f(x...), computed again      saves x...; fused
#include "autograd/checkpoint.h"

#include "autograd/node.h"
#include "autograd/tape.h"
#include "autograd/walk.h"
#include "tensor/stream_watch.h"

namespace weft {
namespace {

struct Recomputation {
  Segment segment;
  std::vector<bool> defined;     ///< by input, as it was when the segment was recorded
  std::vector<bool> tracked;     ///< by input
  std::vector<Variable> leaves;  ///< parameters used inside
  std::vector<StreamWatch::Place> draws;
};

/// Inputs that begin anew: leaves where somebody asks for a gradient, constants elsewhere.
std::vector<Variable> fresh(const std::vector<Tensor>& values, const std::vector<bool>& tracked) {
  std::vector<Variable> inputs;
  for (size_t i = 0; i < values.size(); ++i) inputs.push_back(tracked[i] ? watch(values[i]) : Variable(values[i]));
  return inputs;
}

void check_not_replaced(const Node& node, const Variable& leaf, const Tensor& saved) {
  if (!leaf.value().shares_storage_with(saved) || leaf.shape() != saved.shape())
    fail(node.op(), "the value of {}, {}, was replaced after the segment was computed; hint: replace it after backward",
         leaf.leaf()->name.empty() ? "a leaf used inside" : leaf.leaf()->name, saved.describe());
}

void add_gradients(Node& node, const Recomputation& again, const Variable& dy) {
  std::vector<Tensor> values;
  for (size_t i = 0; i < again.defined.size(); ++i)
    values.push_back(again.defined[i] ? node.input(static_cast<int>(i)).value() : Tensor());
  for (size_t i = 0; i < again.leaves.size(); ++i)
    check_not_replaced(node, again.leaves[i], node.input(static_cast<int>(values.size() + i)).value());

  const StreamWatch same_draws(again.draws);
  Tape tape(Tape::current()->options());
  std::vector<Variable> sources = fresh(values, again.tracked);
  const Variable y = again.segment(sources);
  if (y.shape() != dy.shape() || y.dtype() != dy.dtype() || !y.node().recorded())
    fail(node.op(), "computed again, the segment gave {} for a gradient {}; hint: it must do the same each time",
         y.value().describe(), dy.value().describe());
  sources.insert(sources.end(), again.leaves.begin(), again.leaves.end());
  std::vector<Variable> wanted;
  std::vector<int> positions;
  for (int i = 0; i < node.num_inputs(); ++i) {
    if (!sources[static_cast<size_t>(i)].is_leaf() || !node.wants(i)) continue;
    wanted.push_back(sources[static_cast<size_t>(i)]);
    positions.push_back(i);
  }
  Walk walk(node.op(), tape, CreateGraph::no, Retain::no);
  walk.aim_at(wanted, y.node().index);
  walk.leave_hooks_of(again.leaves);  // the walk outside has their whole gradients, and runs the hooks on those
  walk.run(y, stop_gradient(dy));
  for (size_t i = 0; i < wanted.size(); ++i)
    if (const Variable gradient = walk.gradient_of(wanted[i]); gradient.defined())
      node.add_grad(positions[i], gradient);
}

}  // namespace

Variable checkpoint(const Segment& segment, const std::vector<Variable>& inputs) {
  const Tape* outer = Tape::current();
  if (!outer || outer->options().higher_order) return segment(inputs);

  Recomputation again{segment, {}, {}, {}, {}};
  std::vector<Tensor> values;
  for (const Variable& input : inputs) {
    again.defined.push_back(input.defined());
    again.tracked.push_back(input.is_leaf() || input.node().recorded());
    values.push_back(input.value());
  }

  Variable y;
  std::vector<Variable> used = inputs;
  {
    Tape tape(outer->options());
    const std::vector<Variable> sources = fresh(values, again.tracked);
    const StreamWatch watch;
    y = segment(sources);
    again.draws = watch.places();
    for (size_t i = 0; i < sources.size(); ++i)
      if (y.is_leaf() && y.leaf() == sources[i].leaf()) return inputs[i];
    if (!y.node().recorded()) return y;
    for (const Variable& leaf : tape.leaves(y)) {
      bool is_source = false;
      for (const Variable& source : sources) is_source = is_source || source.leaf() == leaf.leaf();
      if (!is_source) again.leaves.push_back(leaf);
    }
  }
  used.insert(used.end(), again.leaves.begin(), again.leaves.end());
  return record("checkpoint", std::move(used), y.value(), Saves::inputs().fused(),
                [again = std::move(again)](Node& node, const Variable& dy) { add_gradients(node, again, dy); });
}

}  // namespace weft
