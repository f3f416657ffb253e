// autograd/walk.cpp: records are visited from last to first, which is a reversed topological order
#include "autograd/walk.h"

#include <chrono>

#include "autograd/anomaly.h"
#include "autograd/elementwise.h"
#include "autograd/hook.h"
#include "autograd/tape_stack.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"
#include "tensor/join.h"
#include "tensor/matmul.h"

namespace weft {
namespace {

using Clock = std::chrono::steady_clock;

/// Sets `place` while it lives.
template <class T>
class Scoped {
 public:
  Scoped(T& place, T value) : place_(place), before_(place) { place_ = value; }
  ~Scoped() { place_ = before_; }
  Scoped(const Scoped&) = delete;
  Scoped& operator=(const Scoped&) = delete;

 private:
  T& place_;
  T before_;
};

int64_t size_in_bytes(const Tensor& x) { return x.numel() * size_of(x.dtype()); }

/// Whether adding in place is possible and surprises nobody.
bool is_own(const Tensor& x) { return x.is_sole_owner() && x.is_contiguous(); }

Tensor joined(const std::vector<Tensor>& parts) { return parts.size() == 1 ? parts[0] : cat(parts, 0); }

std::string describe(const Shape& shape, DType dtype, Device device) {
  return fmt::format("{} {} {}", to_string(shape), name_of(dtype), to_string(device));
}

[[noreturn]] void fail_to_add(std::string_view name, const Leaf& leaf, const std::string& gradient,
                              const std::string& before) {
  fail(name,
       "the gradient of {}, {}, cannot be added to the one it has, {}; hint: call zero_grad() when the value of a leaf "
       "is replaced, and replace it between tapes",
       leaf.name.empty() ? "a leaf without a name" : leaf.name, gradient, before);
}

}  // namespace

void Walk::aim_at(std::span<const Variable> xs, int64_t last) {
  aimed_ = true;
  for (const Variable& x : xs) {
    if (x.is_leaf()) wanted_leaves_.insert(x.leaf().get());
    else wanted_records_[x.node().index];
  }
  leads_to_wanted_.assign(static_cast<size_t>(last) + 1, false);
  for (int64_t i = 0; i <= last; ++i)
    for (const Node::Input& input : tape_.nodes_[static_cast<size_t>(i)].inputs_)
      if (wants(input)) leads_to_wanted_[static_cast<size_t>(i)] = true;
}

void Walk::leave_hooks_of(std::span<const Variable> leaves) {
  for (const Variable& x : leaves) hooks_elsewhere_.insert(x.leaf().get());
}

bool Walk::wants(const Node::Input& input) const {
  if (!aimed_) return input.leaf != nullptr || input.node.recorded();
  if (input.leaf) return wanted_leaves_.contains(input.leaf.get());
  if (!input.node.recorded()) return false;
  return leads_to_wanted_[static_cast<size_t>(input.node.index)] || wanted_records_.contains(input.node.index);
}

void Walk::run(const Variable& y, const Variable& dy) {
  const TapeStack::Innermost innermost(*tape_.stack_, tape_);
  const Scoped paused(tape_.paused_, !create_graph_);
  const int64_t last = y.node().index;
  gradients_.resize(static_cast<size_t>(last) + 1);
  gradients_[static_cast<size_t>(last)].sum = dy;
  for (int64_t i = last; i >= 0; --i) {
    const Node& node = tape_.nodes_[static_cast<size_t>(i)];
    Variable gradient = take(gradients_[static_cast<size_t>(i)], node.output_shape_);
    if (!gradient.defined()) continue;
    if (detects_anomaly())
      check_finite(name_, fmt::format("the summed gradient of record {} ({})", i, node.op_), gradient.value());
    gradient = run_gradient_hooks(name_, node.hooks_, std::move(gradient));
    if (const auto wanted = wanted_records_.find(i); wanted != wanted_records_.end()) wanted->second = gradient;
    if (!aimed_ || leads_to_wanted_[static_cast<size_t>(i)]) visit(tape_.nodes_[static_cast<size_t>(i)], gradient);
  }
  for (LeafGradient& gradient : leaf_gradients_) {
    multiply_pairs(gradient);
    gradient.sum = take(gradient, gradient.shape);
  }
  run_leaf_hooks();
}

void Walk::run_leaf_hooks() {
  for (LeafGradient& gradient : leaf_gradients_) {
    if (!gradient.sum.defined()) continue;
    if (detects_anomaly())
      check_finite(name_, "the summed gradient of" + named_leaf(gradient.leaf.get()).substr(1), gradient.sum.value());
    if (hooks_elsewhere_.contains(gradient.leaf.get())) continue;
    gradient.sum = run_gradient_hooks(name_, gradient.leaf->hooks, std::move(gradient.sum));
  }
}

void Walk::visit(Node& node, const Variable& dy) {
  if (node.spent_)
    fail(name_,
         "an earlier backward went through record {} ({}) and freed its saved tensors, even if it then failed; hint: "
         "pass Retain::yes to that call, or compute the result again",
         node.id_.index, node.op_);
  if (create_graph_ && node.fused_)
    fail(name_,
         "record {} ({}) is fused, its derivative cannot be recorded; hint: compute on a "
         "Tape({{.higher_order = true}})",
         node.id_.index, node.op_);
  {
    const Scoped walk(node.walk_, this);
    const auto start = tape_.options_.time ? Clock::now() : Clock::time_point();
    node.backward_(node, dy);
    if (tape_.options_.time) node.backward_seconds_ += std::chrono::duration<double>(Clock::now() - start).count();
  }
  if (retain_ == Retain::no) node.free_saved();
}

void Walk::accumulate(Variable& sum, const Variable& gradient) const {
  if (!sum.defined()) sum = gradient;
  else if (create_graph_) sum = weft::add(sum, gradient);
  else if (is_own(sum.value())) sum.value().add_(gradient.value());
  else sum = weft::add(sum.value(), gradient.value());
}

void Walk::add(const Node::Input& input, const Variable& gradient) {
  if (!wants(input)) return;
  accumulate(gathered_by(input, gradient.device()).sum, gradient);
}

void Walk::add_slice(const Node::Input& input, const Variable& gradient, const SliceOf& at) {
  if (!wants(input)) return;
  auto& [sum, slices] = gathered_by(input, gradient.device());
  if (create_graph_) return slices.push_back({gradient, at});
  if (!sum.defined()) sum = zeros(input.shape, {.dtype = gradient.dtype(), .device = gradient.device()});
  else if (!is_own(sum.value())) sum = sum.value().clone();
  if (gradient.numel() > 0) at.of(sum.value()).add_(gradient.value());
}

Variable Walk::take(Gathered& gathered, const Shape& shape) const {
  auto [sum, slices] = std::exchange(gathered, Gathered());
  if (!slices.empty()) accumulate(sum, unslice(slices, shape));
  return sum;
}

void Walk::add_product(const std::shared_ptr<Leaf>& leaf, const Tensor& left, const Tensor& right) {
  if (aimed_ && !wanted_leaves_.contains(leaf.get())) return;
  LeafGradient& gradient = gradient_of_leaf(leaf, {left.size(1), right.size(1)}, left.dtype(), left.device());
  gradient.lefts.push_back(left);
  gradient.rights.push_back(right);
  gradient.pair_bytes += size_in_bytes(left) + size_in_bytes(right);
  if (gradient.pair_bytes > tape_.options_.pair_budget_bytes) multiply_pairs(gradient);
}

void Walk::multiply_pairs(LeafGradient& gradient) const {
  if (gradient.lefts.empty()) return;
  const Tensor product = matmul(joined(gradient.lefts).transpose(0, 1), joined(gradient.rights));
  gradient.lefts.clear();
  gradient.rights.clear();
  gradient.pair_bytes = 0;
  accumulate(gradient.sum, product);
}

Walk::Gathered& Walk::gathered_by(const Node::Input& input, Device device) {
  if (input.leaf) return gradient_of_leaf(input.leaf, input.shape, input.dtype, device);
  return gradients_[static_cast<size_t>(input.node.index)];
}

Walk::LeafGradient& Walk::gradient_of_leaf(const std::shared_ptr<Leaf>& leaf, const Shape& shape, DType dtype,
                                           Device device) {
  const auto [position, is_new] = leaf_positions_.try_emplace(leaf.get(), leaf_gradients_.size());
  if (is_new) leaf_gradients_.push_back({{}, leaf, shape, dtype, device, {}, {}, {}});
  LeafGradient& gradient = leaf_gradients_[position->second];
  if (gradient.shape != shape || gradient.dtype != dtype || gradient.device != device)
    fail_to_add(name_, *leaf, describe(shape, dtype, device),
                describe(gradient.shape, gradient.dtype, gradient.device));
  return gradient;
}

Variable Walk::gradient_of(const Variable& x) const {
  if (!x.is_leaf()) {
    const auto wanted = wanted_records_.find(x.node().index);
    return wanted == wanted_records_.end() ? Variable() : wanted->second;
  }
  const auto position = leaf_positions_.find(x.leaf().get());
  return position == leaf_positions_.end() ? Variable() : leaf_gradients_[position->second].sum;
}

void Walk::add_to_leaves() {
  // What can throw comes first: checks and new tensors. Adding in place comes after, when nothing can go wrong any
  // more.
  std::vector<Tensor> totals(leaf_gradients_.size());
  for (size_t i = 0; i < totals.size(); ++i) {
    const Tensor gradient = std::exchange(leaf_gradients_[i].sum, Variable()).value();
    const Leaf& leaf = *leaf_gradients_[i].leaf;
    if (!gradient.defined()) continue;
    if (leaf.grad.defined() && (leaf.grad.shape() != gradient.shape() || leaf.grad.dtype() != gradient.dtype() ||
                                leaf.grad.device() != gradient.device()))
      fail_to_add(name_, leaf, gradient.describe(), leaf.grad.describe());
    if (!leaf.grad.defined()) totals[i] = is_own(gradient) ? gradient : gradient.clone();
    else totals[i] = is_own(leaf.grad) ? gradient : weft::add(leaf.grad, gradient);
  }
  for (size_t i = 0; i < totals.size(); ++i) {
    Tensor& grad = leaf_gradients_[i].leaf->grad;
    if (!totals[i].defined()) continue;
    if (grad.defined() && is_own(grad)) grad.add_(totals[i]);
    else grad = totals[i];
  }
  for (size_t i = 0; i < totals.size(); ++i)
    if (totals[i].defined()) run_accumulated_hooks(leaf_gradients_[i].leaf);
}

}  // namespace weft
