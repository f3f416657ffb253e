// autograd/rounding.cpp: functions with steps and their derivatives
//
//   y = sign, floor, ceil, round, trunc (x)           dx = 0                                saves nothing
//   y = floor_divide(a, b)       da = 0               db = 0                                saves nothing
//   y = remainder(a, b)          da = dy              db = -dy floor(a / b)                 saves a, b
//   y = fmod(a, b)               da = dy              db = -dy trunc(a / b)                 saves a, b
#include "autograd/rounding.h"

#include "autograd/broadcast.h"
#include "autograd/elementwise.h"

namespace weft {
namespace {

Variable flat(std::string_view op, const Variable& x, const Tensor& y) {
  return record(op, {x}, y, Saves::nothing(),
                [](Node& n, const Variable& dy) { n.add_grad(0, Variable(zeros_like(dy.value()))); });
}

/// y = x + a constant, between the steps.
Variable steps_along(std::string_view op, const Variable& x, const Tensor& y) {
  return record(op, {x}, y, Saves::nothing(), [](Node& n, const Variable& dy) { n.add_grad(0, dy); });
}

/// The gradients of a - q b, where the whole number q is constant between its steps.
void add_rest_grads(Node& n, const Variable& dy, const Tensor& q) {
  if (n.wants(0)) add_broadcast_grad(n, 0, dy);
  if (n.wants(1)) add_broadcast_grad(n, 1, -(dy * Variable(q)));
}

}  // namespace

Variable sign(const Variable& x) { return flat("sign", x, sign(x.value())); }
Variable floor(const Variable& x) { return flat("floor", x, floor(x.value())); }
Variable ceil(const Variable& x) { return flat("ceil", x, ceil(x.value())); }
Variable round(const Variable& x) { return flat("round", x, round(x.value())); }
Variable trunc(const Variable& x) { return flat("trunc", x, trunc(x.value())); }

Variable floor_divide(const Variable& a, const Variable& b) {
  return record("floor_divide", {a, b}, floor_divide(a.value(), b.value()), Saves::nothing(),
                [](Node& n, const Variable& dy) {
                  const Variable zero = zeros_like(dy.value());
                  if (n.wants(0)) add_broadcast_grad(n, 0, zero);
                  if (n.wants(1)) add_broadcast_grad(n, 1, zero);
                });
}

Variable remainder(const Variable& a, const Variable& b) {
  return record("remainder", {a, b}, remainder(a.value(), b.value()), Saves::inputs(), [](Node& n, const Variable& dy) {
    add_rest_grads(n, dy, floor_divide(n.input(0).value(), n.input(1).value()));
  });
}

Variable fmod(const Variable& a, const Variable& b) {
  return record("fmod", {a, b}, fmod(a.value(), b.value()), Saves::inputs(), [](Node& n, const Variable& dy) {
    add_rest_grads(n, dy, trunc(n.input(0).value() / n.input(1).value()));
  });
}

Variable floor_divide(const Variable& a, Scalar b) { return flat("floor_divide", a, floor_divide(a.value(), b)); }
Variable remainder(const Variable& a, Scalar b) { return steps_along("remainder", a, remainder(a.value(), b)); }
Variable fmod(const Variable& a, Scalar b) { return steps_along("fmod", a, fmod(a.value(), b)); }

Variable floor_divide(Scalar a, const Variable& b) { return flat("floor_divide", b, floor_divide(a, b.value())); }

Variable remainder(Scalar a, const Variable& b) {
  return record("remainder", {b}, remainder(a, b.value()), Saves::input(0), [a](Node& n, const Variable& dy) {
    n.add_grad(0, -(dy * Variable(floor_divide(a, n.input(0).value()))));
  });
}

Variable fmod(Scalar a, const Variable& b) {
  return record("fmod", {b}, fmod(a, b.value()), Saves::input(0),
                [a](Node& n, const Variable& dy) { n.add_grad(0, -(dy * Variable(trunc(a / n.input(0).value())))); });
}

}  // namespace weft
