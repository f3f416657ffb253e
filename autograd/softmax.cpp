// autograd/softmax.cpp: softmax, the losses built on it, and their derivatives
//
//   y = softmax(x)             dx = y (dy - sum(y dy))                        saves y
//   y = log_softmax(x)         dx = dy - exp(y) sum(dy)                       saves y
//   y = logsumexp(x)           dx = dy exp(x - y)                             saves x, y; y = -inf counts as 0
//   y = -log_softmax(x)[t]     dx = (softmax(x) - onehot(t)) dy               saves log_softmax(x), t; fused
#include "autograd/softmax.h"

#include <limits>

#include "autograd/elementwise.h"
#include "autograd/indexing.h"
#include "autograd/node.h"
#include "autograd/reduce.h"
#include "autograd/view.h"
#include "tensor/checks.h"
#include "tensor/create.h"

namespace weft {
namespace {

void check_cross_entropy(const Variable& logits, const Tensor& target) {
  if (logits.rank() != 2 || !is_floating(logits.dtype()))
    fail("cross_entropy", "logits are {}; hint: they are [n, classes], float", logits.value().describe());
  if (target.rank() != 1 || target.size(0) != logits.size(0) || target.dtype() != DType::int64)
    fail("cross_entropy", "target is {}, logits are {}; hint: target is int64 [n], one class a row of logits",
         target.describe(), logits.value().describe());
  if (target.device() != logits.device())
    fail("cross_entropy", "devices differ: target is {}, logits are {}; hint: use target.to(device)", target.describe(),
         logits.value().describe());
  if (const auto stray = find_stray_index(target, 0, logits.size(1)))
    fail("cross_entropy", "target{} = {}, but there are {} classes (0..{}); hint: check the labels", stray->place,
         stray->value, logits.size(1), logits.size(1) - 1);
}

/// softmax(x) - onehot(t), from log_softmax(x) and t as a column.
Tensor softmax_minus_onehot(const Tensor& log_softmax, const Tensor& column) {
  const TensorOptions options{.dtype = log_softmax.dtype(), .device = log_softmax.device()};
  return scatter_add(exp(log_softmax), 1, column, full(column.shape(), -1, options));
}

}  // namespace

Variable softmax(const Variable& x, int64_t axis) {
  return record("softmax", {x}, softmax(x.value(), axis), Saves::output(), [axis](Node& n, const Variable& dy) {
    const Variable y = n.output();
    n.add_grad(0, y * (dy - sum(y * dy, {axis}, Keep::dim)));
  });
}

Variable log_softmax(const Variable& x, int64_t axis) {
  return record("log_softmax", {x}, log_softmax(x.value(), axis), Saves::output(), [axis](Node& n, const Variable& dy) {
    n.add_grad(0, dy - exp(n.output()) * sum(dy, {axis}, Keep::dim));
  });
}

Variable logsumexp(const Variable& x, const Axes& axes, Keep keep) {
  const Tensor y = logsumexp(x.value(), axes, keep);
  const Shape kept = reduced_shape(x.shape(), normalize_axes("logsumexp", axes, x.rank()), true);
  return record("logsumexp", {x}, y, Saves::input(0) | Saves::output(), [kept](Node& n, const Variable& dy) {
    const Variable y = reshape(n.output(), kept);
    const Tensor nothing = equal(y.value(), -std::numeric_limits<double>::infinity());
    n.add_grad(0, reshape(dy, kept) * exp(n.input(0) - where(nothing, zeros_like(y.value()), y)));
  });
}

Variable softmax_cross_entropy(const Variable& logits, const Tensor& target) {
  check_cross_entropy(logits, target);
  const Tensor column = target.unsqueeze(1);
  if (composing()) return neg(squeeze(gather(log_softmax(logits), 1, column), 1));
  const Tensor log_p = log_softmax(logits.value());
  const Tensor loss = neg(gather(log_p, 1, column).squeeze(1));
  const Saves saves = Saves::nothing().with({log_p, column}).fused();
  return record("softmax_cross_entropy", {logits}, loss, saves, [](Node& n, const Variable& dy) {
    n.add_grad(0, unsqueeze(dy, 1) * Variable(softmax_minus_onehot(n.extra(0), n.extra(1))));
  });
}

}  // namespace weft
