// autograd/where.cpp: choices between values and their derivatives
//
//   y = c ? a : b            da = c ? dy : 0           db = c ? 0 : dy                                 saves c
//   y = masked_fill(x, c, v) dx = c ? 0 : dy           dv = sum(c ? dy : 0)                            saves c
//   y = clamp(x, l, h)       dx = l <= x <= h ? dy : 0                                                 saves x, l, h
//                            dl = x < l < h ? dy : 0   dh = x > h or l > h ? dy : 0
//   y = lerp(a, b, w)        da = dy (1 - w)           db = dy w             dw = dy (b - a)           saves a, b, w
// The gradients are then summed over what was broadcast, and cast back.
#include "autograd/where.h"

#include <limits>

#include "autograd/broadcast.h"
#include "autograd/elementwise.h"

namespace weft {
namespace {

/// low <= x <= high, where both bounds are there.
template <class Bound>
Tensor is_between(const Tensor& x, const Bound& low, const Bound& high) {
  return logical_and(greater_equal(x, low), less_equal(x, high));
}

}  // namespace

Variable where(const Tensor& condition, const Variable& a, const Variable& b) {
  const Saves saves = Saves::nothing().with({condition});
  return record("where", {a, b}, where(condition, a.value(), b.value()), saves, [](Node& n, const Variable& dy) {
    if (n.wants(0)) add_broadcast_grad(n, 0, where(n.extra(0), dy, 0));
    if (n.wants(1)) add_broadcast_grad(n, 1, where(n.extra(0), 0, dy));
  });
}

Variable where(const Tensor& condition, const Variable& a, Scalar b) {
  const Saves saves = Saves::nothing().with({condition});
  return record("where", {a}, where(condition, a.value(), b), saves,
                [](Node& n, const Variable& dy) { add_broadcast_grad(n, 0, where(n.extra(0), dy, 0)); });
}

Variable where(const Tensor& condition, Scalar a, const Variable& b) {
  const Saves saves = Saves::nothing().with({condition});
  return record("where", {b}, where(condition, a, b.value()), saves,
                [](Node& n, const Variable& dy) { add_broadcast_grad(n, 0, where(n.extra(0), 0, dy)); });
}

Variable masked_fill(const Variable& x, const Tensor& mask, Scalar value) {
  const Saves saves = Saves::nothing().with({mask});
  return record("masked_fill", {x}, masked_fill(x.value(), mask, value), saves,
                [](Node& n, const Variable& dy) { add_broadcast_grad(n, 0, where(n.extra(0), 0, dy)); });
}

Variable masked_fill(const Variable& x, const Tensor& mask, const Variable& value) {
  const Tensor y = masked_fill(x.value(), mask, value.value());
  const Saves saves = Saves::nothing().with({mask});
  return record("masked_fill", {x, value}, y, saves, [](Node& n, const Variable& dy) {
    if (n.wants(0)) add_broadcast_grad(n, 0, where(n.extra(0), 0, dy));
    if (n.wants(1)) add_broadcast_grad(n, 1, where(n.extra(0), dy, 0));
  });
}

Variable clamp(const Variable& x, std::optional<Scalar> low, std::optional<Scalar> high) {
  return record("clamp", {x}, clamp(x.value(), low, high), Saves::input(0), [low, high](Node& n, const Variable& dy) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    const Tensor x = n.input(0).value();
    n.add_grad(0, where(is_between(x, low.value_or(-kInfinity), high.value_or(kInfinity)), dy, 0));
  });
}

Variable clamp(const Variable& x, const Variable& low, const Variable& high) {
  const bool has_low = low.defined(), has_high = high.defined();
  const Tensor y = clamp(x.value(), low.value(), high.value());
  return record("clamp", {x, low, high}, y, Saves::inputs(), [has_low, has_high](Node& n, const Variable& dy) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();  // how far away a missing bound is
    const Tensor x = n.input(0).value();
    const Tensor low = has_low ? n.input(1).value() : scalar_like(dy, -kInfinity);
    const Tensor high = has_high ? n.input(2).value() : scalar_like(dy, kInfinity);
    if (n.wants(0)) add_broadcast_grad(n, 0, where(is_between(x, low, high), dy, 0));
    if (n.wants(1)) add_broadcast_grad(n, 1, where(logical_and(less(x, low), less(low, high)), dy, 0));
    if (n.wants(2)) add_broadcast_grad(n, 2, where(logical_or(greater(x, high), greater(low, high)), dy, 0));
  });
}

Variable lerp(const Variable& a, const Variable& b, const Variable& weight) {
  const Tensor y = lerp(a.value(), b.value(), weight.value());
  return record("lerp", {a, b, weight}, y, Saves::inputs(), [](Node& n, const Variable& dy) {
    if (n.wants(0)) add_broadcast_grad(n, 0, dy * (1 - n.input(2)));
    if (n.wants(1)) add_broadcast_grad(n, 1, dy * n.input(2));
    if (n.wants(2)) add_broadcast_grad(n, 2, dy * (n.input(1) - n.input(0)));
  });
}

Variable lerp(const Variable& a, const Variable& b, Scalar weight) {
  const double w = weight.as<double>();
  return record("lerp", {a, b}, lerp(a.value(), b.value(), weight), Saves::nothing(), [w](Node& n, const Variable& dy) {
    if (n.wants(0)) add_broadcast_grad(n, 0, dy * (1 - w));
    if (n.wants(1)) add_broadcast_grad(n, 1, dy * w);
  });
}

}  // namespace weft
