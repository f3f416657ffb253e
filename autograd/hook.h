// autograd/hook.h: functions that see, and may replace, gradients on their way
#pragma once
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "autograd/variable.h"

namespace weft {

/// Is given the gradient, whole: every use of the value has been added. What it returns takes its place; an undefined
/// Variable leaves it as it is. It must not change the gradient in place: others may see the same tensor.
using GradientHook = std::function<Variable(const Variable& gradient)>;
/// Is given the leaf after its gradient was added: leaf.grad() is the new sum.
using AccumulatedHook = std::function<void(const Variable& leaf)>;

/// The hooks of one leaf or record.
struct Hooks {
  std::vector<std::pair<int64_t, GradientHook>> on_gradient;
  std::vector<std::pair<int64_t, AccumulatedHook>> on_accumulated;
  int64_t next_id = 0;
};

/// Takes its hook off again. Letting a handle go removes nothing.
class HookHandle {
 public:
  HookHandle() = default;
  HookHandle(const std::shared_ptr<Hooks>& hooks, int64_t id) : hooks_(hooks), id_(id) {}
  void remove() const;

 private:
  std::weak_ptr<Hooks> hooks_;
  int64_t id_ = 0;
};

/// Calls `hook` whenever a walk (backward or gradient) has the gradient of x. Hooks of one x run in the order of their
/// registration, each sees what the one before returned. Hooks of a record run before its derivative; those of leaves
/// at the end of the walk, leaf by leaf in the order in which the walk met them, before anything is added. Under
/// CreateGraph::yes what a hook computes with Variable functions is recorded.
/// A leaf keeps its hooks, a record has them as long as its tape.
/// Throws: x is a constant, or its tape is not alive on this thread, or its record is spent; during the walk: the hook
/// returned another shape, dtype or device.
HookHandle register_hook(const Variable& x, GradientHook hook);

/// Calls `hook` after backward has added to the gradients of all leaves, once for each leaf it added to, in the order
/// in which the walk met them. Tape::gradient adds to no leaf and calls none of these.
/// Throws: x is not a leaf.
HookHandle register_post_accumulate_hook(const Variable& x, AccumulatedHook hook);

/// What the hooks make of `gradient`. `name` opens error messages.  Throws: as above.
Variable run_gradient_hooks(std::string_view name, const std::shared_ptr<Hooks>& hooks, Variable gradient);
void run_accumulated_hooks(const std::shared_ptr<Leaf>& leaf);

}  // namespace weft
