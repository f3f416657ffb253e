// autograd/binary.cpp: arithmetic of two operands and its derivatives
//
//   y = a + b          da = dy                  db = dy                        saves nothing
//   y = a - b          da = dy                  db = -dy                       saves nothing
//   y = a b            da = dy b                db = dy a                      saves a, b
//   y = a / b          da = dy / b              db = -da y                     saves b, y
//   y = a^b            da = dy b a^(b-1)        db = dy y log(a)               saves a, b, y; 0 at 0^0
//   y = max(a, b)      da = dy [a > b]          db = dy [a < b]                saves a, b; half each where a = b
//   y = atan2(a, b)    da = dy b / (a^2 + b^2)  db = -dy a / (a^2 + b^2)       saves a, b
//   y = hypot(a, b)    da = dy a / y            db = dy b / y                  saves a, b, y
// A number as a or b needs no derivative, and is not saved.
// The gradient follows the winner: a NaN that wins a max gets dy, two share it.
// Every gradient is then summed over what was broadcast and cast back to its operand's dtype.
#include "autograd/elementwise.h"

#include "autograd/broadcast.h"

namespace weft {
namespace {

using Compare = Tensor (*)(const Operand&, const Operand&);

/// The derivative of max (`reaches` is >=) or min (<=): an operand is the result where it reaches the other or is NaN.
void add_extreme_grads(Node& n, const Variable& dy, const Tensor& a, const Tensor& b, Compare reaches) {
  const Tensor a_is_y = logical_or(reaches(a, b), isnan(a));
  const Tensor b_is_y = logical_or(reaches(b, a), isnan(b));
  const Variable share = where(logical_and(a_is_y, b_is_y), dy * 0.5, dy);
  if (n.wants(0)) add_broadcast_grad(n, 0, where(a_is_y, share, 0));  // not 0 dy, which is NaN for an infinite dy
  if (n.num_inputs() > 1 && n.wants(1)) add_broadcast_grad(n, 1, where(b_is_y, share, 0));
}

/// d a^b / d b: 0^b is constant for b >= 0, where log(0) is not finite.
Variable exponent_grad(const Variable& a, const Variable& b, const Variable& y, const Variable& dy) {
  const Tensor flat = logical_and(equal(a.value(), 0), greater_equal(b.value(), 0));
  return dy * y * log(where(flat, 1, a));
}

/// `saves` where x may be asked for a gradient: a constant needs nothing kept for it.
Saves saves_for(const Variable& x, const Saves& saves) {
  return x.is_leaf() || x.node().recorded() ? saves : Saves::nothing();
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
  const Saves saves = saves_for(a, Saves::input(1)) | saves_for(b, Saves::input(0));
  return record("mul", {a, b}, mul(a.value(), b.value()), saves, [](Node& n, const Variable& dy) {
    if (n.wants(0)) add_broadcast_grad(n, 0, dy * n.input(1));
    if (n.wants(1)) add_broadcast_grad(n, 1, dy * n.input(0));
  });
}

Variable div(const Variable& a, const Variable& b) {
  const Saves saves = Saves::input(1) | saves_for(b, Saves::output());
  return record("div", {a, b}, div(a.value(), b.value()), saves, [](Node& n, const Variable& dy) {
    const Variable da = dy / n.input(1);
    if (n.wants(0)) add_broadcast_grad(n, 0, da);
    if (n.wants(1)) add_broadcast_grad(n, 1, -(da * n.output()));
  });
}

Variable pow(const Variable& a, const Variable& b) {
  const Saves saves = Saves::inputs() | Saves::output();
  return record("pow", {a, b}, pow(a.value(), b.value()), saves, [](Node& n, const Variable& dy) {
    const Variable a = to(n.input(0), dy.dtype()), b = to(n.input(1), dy.dtype());
    // Operands are replaced before they are used: replacing 0 inf afterwards would leave NaN in the next derivative.
    if (n.wants(0)) {  // a^0 is constant, also where a^-1 is not finite
      const Tensor finite = greater(abs(a.value()), 0);
      const Tensor flat = logical_and(equal(b.value(), 0), logical_not(finite));
      add_broadcast_grad(n, 0, dy * where(flat, 0, b) * pow(where(flat, 1, a), b - 1));
    }
    if (n.wants(1)) add_broadcast_grad(n, 1, exponent_grad(a, b, n.output(), dy));
  });
}

Variable pow(const Variable& a, Scalar b) {
  const double exponent = b.as<double>();
  return record("pow", {a}, pow(a.value(), b), Saves::input(0), [exponent](Node& n, const Variable& dy) {
    if (exponent == 0) n.add_grad(0, zeros_like(dy.value()));
    else n.add_grad(0, dy * (exponent * pow(n.input(0), exponent - 1)));
  });
}

Variable pow(Scalar a, const Variable& b) {
  const Saves saves = Saves::input(0) | Saves::output();
  return record("pow", {b}, pow(a, b.value()), saves, [a](Node& n, const Variable& dy) {
    n.add_grad(0, exponent_grad(scalar_like(dy, a), n.input(0), n.output(), dy));
  });
}

Variable maximum(const Variable& a, const Variable& b) {
  return record("maximum", {a, b}, maximum(a.value(), b.value()), Saves::inputs(), [](Node& n, const Variable& dy) {
    add_extreme_grads(n, dy, n.input(0).value(), n.input(1).value(), greater_equal);
  });
}

Variable minimum(const Variable& a, const Variable& b) {
  return record("minimum", {a, b}, minimum(a.value(), b.value()), Saves::inputs(), [](Node& n, const Variable& dy) {
    add_extreme_grads(n, dy, n.input(0).value(), n.input(1).value(), less_equal);
  });
}

Variable maximum(const Variable& a, Scalar b) {
  return record("maximum", {a}, maximum(a.value(), b), Saves::input(0), [b](Node& n, const Variable& dy) {
    add_extreme_grads(n, dy, n.input(0).value(), scalar_like(dy, b), greater_equal);
  });
}

Variable minimum(const Variable& a, Scalar b) {
  return record("minimum", {a}, minimum(a.value(), b), Saves::input(0), [b](Node& n, const Variable& dy) {
    add_extreme_grads(n, dy, n.input(0).value(), scalar_like(dy, b), less_equal);
  });
}

Variable add(const Variable& a, Scalar b) {
  return record("add", {a}, add(a.value(), b), Saves::nothing(),
                [](Node& n, const Variable& dy) { n.add_grad(0, dy); });
}

Variable sub(const Variable& a, Scalar b) {
  return record("sub", {a}, sub(a.value(), b), Saves::nothing(),
                [](Node& n, const Variable& dy) { n.add_grad(0, dy); });
}

Variable sub(Scalar a, const Variable& b) {
  return record("sub", {b}, sub(a, b.value()), Saves::nothing(),
                [](Node& n, const Variable& dy) { n.add_grad(0, -dy); });
}

Variable mul(const Variable& a, Scalar b) {
  return record("mul", {a}, mul(a.value(), b), Saves::nothing(),
                [b](Node& n, const Variable& dy) { n.add_grad(0, dy * b); });
}

Variable div(const Variable& a, Scalar b) {
  return record("div", {a}, div(a.value(), b), Saves::nothing(),
                [b](Node& n, const Variable& dy) { n.add_grad(0, dy / b); });
}

Variable div(Scalar a, const Variable& b) {
  return record("div", {b}, div(a, b.value()), Saves::input(0) | Saves::output(),
                [](Node& n, const Variable& dy) { n.add_grad(0, -(dy / n.input(0) * n.output())); });
}

Variable atan2(const Variable& a, const Variable& b) {
  return record("atan2", {a, b}, atan2(a.value(), b.value()), Saves::inputs(), [](Node& n, const Variable& dy) {
    const Variable scaled = dy / (square(n.input(0)) + square(n.input(1)));
    if (n.wants(0)) add_broadcast_grad(n, 0, scaled * n.input(1));
    if (n.wants(1)) add_broadcast_grad(n, 1, -(scaled * n.input(0)));
  });
}

Variable atan2(const Variable& a, Scalar b) {
  const double number = b.as<double>();
  return record("atan2", {a}, atan2(a.value(), b), Saves::input(0), [number](Node& n, const Variable& dy) {
    n.add_grad(0, dy / (square(n.input(0)) + number * number) * number);
  });
}

Variable atan2(Scalar a, const Variable& b) {
  const double number = a.as<double>();
  return record("atan2", {b}, atan2(a, b.value()), Saves::input(0), [number](Node& n, const Variable& dy) {
    n.add_grad(0, -(dy / (square(n.input(0)) + number * number) * number));
  });
}

Variable hypot(const Variable& a, const Variable& b) {
  const Saves saves = Saves::inputs() | Saves::output();
  return record("hypot", {a, b}, hypot(a.value(), b.value()), saves, [](Node& n, const Variable& dy) {
    const Variable scaled = dy / n.output();
    if (n.wants(0)) add_broadcast_grad(n, 0, scaled * n.input(0));
    if (n.wants(1)) add_broadcast_grad(n, 1, scaled * n.input(1));
  });
}

Variable hypot(const Variable& a, Scalar b) {
  return record("hypot", {a}, hypot(a.value(), b), Saves::input(0) | Saves::output(),
                [](Node& n, const Variable& dy) { n.add_grad(0, dy / n.output() * n.input(0)); });
}

}  // namespace weft
