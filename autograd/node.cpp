// autograd/node.cpp: what a record keeps, how it is made, and what its derivative function may ask
#include "autograd/node.h"

#include <array>

#include "autograd/anomaly.h"
#include "autograd/matmul.h"
#include "autograd/tape.h"
#include "autograd/unslice.h"
#include "autograd/view.h"
#include "autograd/walk.h"
#include "tensor/fusing.h"

namespace weft {
namespace {

constexpr uint32_t kAllInputs = ~uint32_t{0};

bool has_input(uint32_t mask, size_t i) { return mask == kAllInputs || (i < 32 && (mask >> i & 1) != 0); }

int64_t bytes_of(const Tensor& x) { return x.defined() ? x.numel() * size_of(x.dtype()) : 0; }

/// Whether one of `inputs` asks for gradients on `tape`.  Throws: one was recorded on another tape.
bool tracks(std::string_view op, const Tape& tape, const std::vector<Variable>& inputs) {
  bool tracked = false;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const NodeId node = inputs[i].node();
    if (node.recorded() && node.tape != tape.id())
      fail(op,
           "input {}, {}, was recorded on another tape (record {} of tape {}, the innermost is tape {}); "
           "hint: watch(x) starts a new leaf here, stop_gradient(x) takes it as a constant",
           i, inputs[i].value().describe(), node.index, node.tape, tape.id());
    tracked = tracked || node.recorded() || inputs[i].is_leaf();
  }
  return tracked;
}

}  // namespace

Saves Saves::output() {
  Saves saves;
  saves.output_ = true;
  return saves;
}

Saves Saves::input(int i) {
  if (i < 0 || i >= 31) throw std::logic_error("Saves::input: only inputs 0 .. 30 can be named");
  Saves saves;
  saves.inputs_ = uint32_t{1} << i;
  return saves;
}

Saves Saves::inputs() {
  Saves saves;
  saves.inputs_ = kAllInputs;
  return saves;
}

Saves Saves::with(std::vector<Tensor> extras) const {
  Saves saves = *this;
  for (Tensor& extra : extras) saves.extras_.push_back(std::move(extra));
  return saves;
}

Saves Saves::fused() const {
  Saves saves = *this;
  saves.fused_ = true;
  return saves;
}

Saves Saves::operator|(const Saves& other) const {
  Saves saves = with(other.extras_);
  saves.inputs_ |= other.inputs_;
  saves.output_ = output_ || other.output_;
  saves.fused_ = fused_ || other.fused_;
  return saves;
}

const Node::Input& Node::checked_input(int i) const {
  if (i < 0 || i >= num_inputs())
    throw std::logic_error(fmt::format("{}: its derivative asks for input {} of {}", op_, i, num_inputs()));
  return inputs_[static_cast<size_t>(i)];
}

bool Node::wants(int i) const {
  const Input& input = checked_input(i);
  return walk_ ? walk_->wants(input) : input.leaf != nullptr || input.node.recorded();
}

const Shape& Node::input_shape(int i) const { return checked_input(i).shape; }

DType Node::input_dtype(int i) const { return checked_input(i).dtype; }

void Node::check_unchanged(std::string_view what, const Tensor& saved, uint64_t version) const {
  if (!saved.defined()) throw std::logic_error(fmt::format("{}: its derivative asks for {}, not saved", op_, what));
  if (saved.version() != version)
    fail(walk_ ? walk_->name() : "backward",
         "{} of {}, {}, was changed in place after it was saved (version {}, saved at {}); "
         "hint: use add() or clone() before the change",
         what, op_, saved.describe(), saved.version(), version);
}

Variable Node::input(int i) const {
  const Input& input = checked_input(i);
  check_unchanged(fmt::format("input {}", i), input.saved, input.version);
  if (!walk_ || !walk_->creates_graph()) return Variable(input.saved);
  if (input.node.recorded()) return Variable(input.saved, input.node);
  if (!input.leaf) return Variable(input.saved);
  if (!input.leaf->value.shares_storage_with(input.saved))
    fail(walk_->name(),
         "input {} of {}, {}, is a leaf whose value was replaced after it was saved; hint: replace it "
         "after the last derivative was taken",
         i, op_, input.saved.describe());
  return Variable(input.leaf);
}

Variable Node::output() const {
  check_unchanged("output", output_, output_version_);
  return walk_ && walk_->creates_graph() ? Variable(output_, id_) : Variable(output_);
}

const Tensor& Node::extra(int i) const {
  if (i < 0 || i >= static_cast<int>(extras_.size()))
    throw std::logic_error(fmt::format("{}: its derivative asks for extra {} of {}", op_, i, extras_.size()));
  const Extra& extra = extras_[static_cast<size_t>(i)];
  check_unchanged("a saved index or mask", extra.saved, extra.version);
  return extra.saved;
}

void Node::add_grad(int i, const Variable& gradient) {
  const Input& input = checked_input(i);
  if (!walk_) throw std::logic_error(fmt::format("{}: add_grad outside of a walk", op_));
  if (!gradient.defined() || gradient.shape() != input.shape || gradient.dtype() != input.dtype)
    throw std::logic_error(fmt::format("{}: the gradient of input {} is {}, the input {} {}", op_, i,
                                       gradient.defined() ? gradient.value().describe() : "undefined",
                                       to_string(input.shape), name_of(input.dtype)));
  if (walk_->detects_anomaly()) check_finite(walk_->name(), describe_gradient(i), gradient.value());
  walk_->add(input, gradient);
}

void Node::add_grad_product(int i, const Variable& left, const Variable& right) {
  const Input& input = checked_input(i);
  const bool fits = left.rank() == 2 && right.rank() == 2 && left.size(0) == right.size(0) &&
                    input.shape == Shape{left.size(1), right.size(1)} && left.dtype() == input.dtype &&
                    right.dtype() == input.dtype;
  if (!fits)
    throw std::logic_error(fmt::format("{}: the product of {} and {} is no gradient of input {}, {} {}", op_,
                                       left.value().describe(), right.value().describe(), i, to_string(input.shape),
                                       name_of(input.dtype)));
  if (walk_ && input.leaf && walk_->may_defer()) walk_->add_product(input.leaf, left.value(), right.value());
  else add_grad(i, matmul(transpose(left, 0, 1), right));
}

void Node::add_grad_slice(int i, const Variable& gradient, const SliceOf& at) {
  const Input& input = checked_input(i);
  if (walk_ && !walk_->detects_anomaly()) walk_->add_slice(input, gradient, at);
  else add_grad(i, unslice(std::array{Slice{gradient, at}}, input.shape));
}

std::string Node::describe_gradient(int i) const {
  return fmt::format("the gradient of input {} of record {} ({}){}", i, id_.index, op_,
                     named_leaf(checked_input(i).leaf.get()));
}

void Node::save(const std::vector<Variable>& inputs, const Tensor& output, Saves saves) {
  inputs_.reserve(inputs.size());
  for (size_t i = 0; i < inputs.size(); ++i) {
    Input& input = inputs_.emplace_back();
    if (!inputs[i].defined()) continue;
    const Tensor& value = inputs[i].value();
    input.shape = value.shape();
    input.dtype = value.dtype();
    input.leaf = inputs[i].leaf();
    input.node = inputs[i].node();
    if (!has_input(saves.inputs_, i)) continue;
    input.saved = value;
    input.version = value.version();
  }
  output_shape_ = output.shape();
  output_dtype_ = output.dtype();
  output_device_ = output.device();
  if (saves.output_) {
    output_ = output;
    output_version_ = output.version();
  }
  for (Tensor& extra : saves.extras_) {
    const uint64_t version = extra.version();
    extras_.push_back({std::move(extra), version});
  }
  fused_ = saves.fused_;
}

void Node::free_saved() {
  for (Input& input : inputs_) input.saved = Tensor();
  output_ = Tensor();
  extras_.clear();
  backward_ = nullptr;
  spent_ = true;
}

int64_t Node::bytes_saved() const {
  int64_t bytes = bytes_of(output_);
  for (const Input& input : inputs_) bytes += input.leaf ? 0 : bytes_of(input.saved);
  for (const Extra& extra : extras_) bytes += bytes_of(extra.saved);
  return bytes;
}

Variable record(std::string_view op, std::vector<Variable> inputs, Tensor output, Saves saves, BackwardFn backward) {
  Tape* tape = Tape::current();
  if (!tape || tape->paused_ || !tracks(op, *tape, inputs)) return Variable(std::move(output));
  if (!is_floating(output.dtype()))
    fail(op, "the result, {}, has no gradient; hint: call it on stop_gradient(x)", output.describe());
  if (tape->options_.detect_anomaly) check_output_finite(op, inputs, output);
  Node& node = tape->nodes_.emplace_back();
  if (tape->options_.time) {
    const auto now = std::chrono::steady_clock::now();
    node.forward_seconds_ = std::chrono::duration<double>(now - std::exchange(tape->last_record_, now)).count();
  }
  node.op_ = op;
  node.id_ = {tape->id_, tape->size() - 1};
  node.save(inputs, output, std::move(saves));
  node.backward_ = std::move(backward);
  return Variable(std::move(output), node.id_);
}

bool composing() {
  if (!fusing()) return true;
  const Tape* tape = Tape::current();
  return tape && tape->options().higher_order;
}

}  // namespace weft
