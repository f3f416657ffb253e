// autograd/checkpoint.cpp: the segment on a tape of its own, once to see what it uses and once for the derivative
//
//   y = checkpoint(f, x...)     dx, dw = derivatives of f(x...), computed again      saves x...; fused
#include "autograd/checkpoint.h"

#include "autograd/node.h"
#include "autograd/tape.h"
#include "tensor/stream_watch.h"

namespace weft {
namespace {

struct Recomputation {
  Segment segment;
  size_t num_inputs;
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
  for (int i = 0; i < node.num_inputs(); ++i) values.push_back(node.input(i).value());
  for (size_t i = 0; i < again.leaves.size(); ++i)
    check_not_replaced(node, again.leaves[i], values[again.num_inputs + i]);
  values.resize(again.num_inputs);

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
  const std::vector<Variable> gradients = tape.gradient(y, wanted, CreateGraph::no, dy);
  for (size_t i = 0; i < gradients.size(); ++i) node.add_grad(positions[i], gradients[i]);
}

}  // namespace

Variable checkpoint(const Segment& segment, const std::vector<Variable>& inputs) {
  const Tape* outer = Tape::current();
  if (!outer || composing()) return segment(inputs);

  Recomputation again{segment, inputs.size(), {}, {}, {}};
  std::vector<Tensor> values;
  for (const Variable& input : inputs) {
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
