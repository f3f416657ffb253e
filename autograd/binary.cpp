// autograd/binary.cpp: element-wise functions of two operands and their derivatives
//
//   y = a + b          da = dy                  db = dy                        saves nothing
//   y = a - b          da = dy                  db = -dy                       saves nothing
//   y = a b            da = dy b                db = dy a                      saves a, b
//   y = a / b          da = dy / b              db = -da y                     saves b, y
//   y = a^b            da = dy b a^(b-1)        db = dy y log(a)               saves a, b, y
//   y = max(a, b)      da = dy [a > b]          db = dy [a < b]                saves a, b; half each where a = b
//   y = c ? a : b      da = c ? dy : 0          db = c ? 0 : dy                saves c
// Every gradient is then summed over what was broadcast and cast back to its operand's dtype.
#include "autograd/elementwise.h"
#include "autograd/node.h"
#include "autograd/reduce.h"
#include "autograd/view.h"
#include "tensor/create.h"

namespace weft {
namespace {

void add_broadcast_grad(Node& n, int i, const Variable& gradient) {
  n.add_grad(i, to(sum_to_size(gradient, n.input_shape(i)), n.input_dtype(i)));
}

Tensor scalar_like(const Variable& x, Scalar value) {
  return scalar(value, {.dtype = x.dtype(), .device = x.device()});
}

/// 1 where `a` wins, 1/2 where neither does.
Variable share(const Tensor& wins, const Tensor& wins_or_equal, DType dtype) {
  return Variable((wins.to(dtype) + wins_or_equal.to(dtype)) * 0.5);
}

}  // namespace

Variable add(const Variable& a, const Variable& b) {
  return record("add", {a, b}, add(a.value(), b.value()), Saves::nothing(), [](Node& n, const Variable& dy) {
    if (n.wants(0)) add_broadcast_grad(n, 0, dy);
    if (n.wants(1)) add_broadcast_grad(n, 1, dy);
  });
}

Variable sub(const Variable& a, const Variable& b) {
  return record("sub", {a, b}, sub(a.value(), b.value()), Saves::nothing(), [](Node& n, const Variable& dy) {
    if (n.wants(0)) add_broadcast_grad(n, 0, dy);
    if (n.wants(1)) add_broadcast_grad(n, 1, -dy);
  });
}

Variable mul(const Variable& a, const Variable& b) {
  return record("mul", {a, b}, mul(a.value(), b.value()), Saves::inputs(), [](Node& n, const Variable& dy) {
    if (n.wants(0)) add_broadcast_grad(n, 0, dy * n.input(1));
    if (n.wants(1)) add_broadcast_grad(n, 1, dy * n.input(0));
  });
}

Variable div(const Variable& a, const Variable& b) {
  const Saves saves = Saves::input(1) | Saves::output();
  return record("div", {a, b}, div(a.value(), b.value()), saves, [](Node& n, const Variable& dy) {
    const Variable da = dy / n.input(1);
    if (n.wants(0)) add_broadcast_grad(n, 0, da);
    if (n.wants(1)) add_broadcast_grad(n, 1, -(da * n.output()));
  });
}

Variable pow(const Variable& a, const Variable& b) {
  const Saves saves = Saves::inputs() | Saves::output();
  return record("pow", {a, b}, pow(a.value(), b.value()), saves, [](Node& n, const Variable& dy) {
    const Variable a = n.input(0), b = n.input(1);
    if (n.wants(0)) {  // a^0 is constant, also at a = 0, where a^(0-1) is not finite
      const Variable da = dy * b * pow(a, b - 1);
      add_broadcast_grad(n, 0, where(equal(b.value(), 0), scalar_like(da, 0), da));
    }
    if (n.wants(1)) {  // 0^b is constant for b > 0
      const Variable base = where(equal(a.value(), 0), scalar_like(a, 1), a);
      add_broadcast_grad(n, 1, dy * n.output() * log(base));
    }
  });
}

Variable pow(const Variable& a, Scalar b) {
  const double exponent = b.as<double>();
  return record("pow", {a}, pow(a.value(), b), Saves::input(0), [exponent](Node& n, const Variable& dy) {
    if (exponent == 0) n.add_grad(0, zeros_like(dy.value()));
    else n.add_grad(0, dy * (exponent * pow(n.input(0), exponent - 1)));
  });
}

Variable maximum(const Variable& a, const Variable& b) {
  return record("maximum", {a, b}, maximum(a.value(), b.value()), Saves::inputs(), [](Node& n, const Variable& dy) {
    const Tensor a = n.input(0).value(), b = n.input(1).value();
    if (n.wants(0)) add_broadcast_grad(n, 0, dy * share(greater(a, b), greater_equal(a, b), dy.dtype()));
    if (n.wants(1)) add_broadcast_grad(n, 1, dy * share(less(a, b), less_equal(a, b), dy.dtype()));
  });
}

Variable minimum(const Variable& a, const Variable& b) {
  return record("minimum", {a, b}, minimum(a.value(), b.value()), Saves::inputs(), [](Node& n, const Variable& dy) {
    const Tensor a = n.input(0).value(), b = n.input(1).value();
    if (n.wants(0)) add_broadcast_grad(n, 0, dy * share(less(a, b), less_equal(a, b), dy.dtype()));
    if (n.wants(1)) add_broadcast_grad(n, 1, dy * share(greater(a, b), greater_equal(a, b), dy.dtype()));
  });
}

Variable add(const Variable& a, Scalar b) {
  return record("add", {a}, add(a.value(), b), Saves::nothing(),
                [](Node& n, const Variable& dy) { n.add_grad(0, dy); });
}

Variable mul(const Variable& a, Scalar b) {
  return record("mul", {a}, mul(a.value(), b), Saves::nothing(),
                [b](Node& n, const Variable& dy) { n.add_grad(0, dy * b); });
}

Variable where(const Tensor& condition, const Variable& a, const Variable& b) {
  const Saves saves = Saves::nothing().with({condition});
  return record("where", {a, b}, where(condition, a.value(), b.value()), saves, [](Node& n, const Variable& dy) {
    const Variable zero = scalar_like(dy, 0);
    if (n.wants(0)) add_broadcast_grad(n, 0, where(n.extra(0), dy, zero));
    if (n.wants(1)) add_broadcast_grad(n, 1, where(n.extra(0), zero, dy));
  });
}

}  // namespace weft
