// autograd/hook.cpp: how hooks come, go and are run
#include "autograd/hook.h"

#include "autograd/node.h"
#include "autograd/tape.h"
#include "autograd/tape_stack.h"

namespace weft {
namespace {

template <class Hook>
HookHandle add_hook(std::shared_ptr<Hooks>& hooks, std::vector<std::pair<int64_t, Hook>> Hooks::*list, Hook hook) {
  if (!hooks) hooks = std::make_shared<Hooks>();
  const int64_t id = hooks->next_id++;
  (*hooks.*list).emplace_back(id, std::move(hook));
  return {hooks, id};
}

}  // namespace

void HookHandle::remove() const {
  const std::shared_ptr<Hooks> hooks = hooks_.lock();
  if (!hooks) return;
  const auto is_mine = [this](const auto& hook) { return hook.first == id_; };
  std::erase_if(hooks->on_gradient, is_mine);
  std::erase_if(hooks->on_accumulated, is_mine);
}

HookHandle register_hook(const Variable& x, GradientHook hook) {
  if (x.is_leaf()) return add_hook(x.leaf()->hooks, &Hooks::on_gradient, std::move(hook));
  if (!x.node().recorded())
    fail("register_hook", "{} is a constant, no gradient reaches it; hint: use watch(x)",
         x.defined() ? x.value().describe() : "an undefined Variable");
  Tape* tape = TapeStack::here()->find(x.node().tape);
  if (!tape)
    fail("register_hook", "{} was recorded on tape {}, which is not alive on this thread; hint: keep the Tape alive",
         x.value().describe(), x.node().tape);
  return add_hook(tape->hooks_of(x.node()), &Hooks::on_gradient, std::move(hook));
}

HookHandle register_post_accumulate_hook(const Variable& x, AccumulatedHook hook) {
  if (!x.is_leaf())
    fail("register_post_accumulate_hook", "{} is not a leaf, nothing gathers in it; hint: use register_hook",
         x.defined() ? x.value().describe() : "an undefined Variable");
  return add_hook(x.leaf()->hooks, &Hooks::on_accumulated, std::move(hook));
}

Variable run_gradient_hooks(std::string_view name, const std::shared_ptr<Hooks>& hooks, Variable gradient) {
  if (!hooks) return gradient;
  const auto list = hooks->on_gradient;  // a hook may remove itself
  for (const auto& [id, hook] : list) {
    const Variable replaced = hook(gradient);
    if (!replaced.defined()) continue;
    if (replaced.shape() != gradient.shape() || replaced.dtype() != gradient.dtype() ||
        replaced.device() != gradient.device())
      fail(name, "a hook returned {} for the gradient {}; hint: keep its shape, dtype and device",
           replaced.value().describe(), gradient.value().describe());
    gradient = replaced;
  }
  return gradient;
}

void run_accumulated_hooks(const std::shared_ptr<Leaf>& leaf) {
  if (!leaf->hooks) return;
  const auto list = leaf->hooks->on_accumulated;
  for (const auto& [id, hook] : list) hook(Variable(leaf));
}

}  // namespace weft
