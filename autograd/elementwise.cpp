// autograd/elementwise.cpp: arithmetic of one operand and its derivatives
//
//   y = -x             dx = -dy                                  saves nothing
//   y = |x|            dx = dy sign(x)                           saves x
//   y = x^2            dx = 2 dy x                               saves x
//   y = 1 / x          dx = -dy y^2                              saves y
#include "autograd/elementwise.h"

#include "autograd/node.h"

namespace weft {

Variable neg(const Variable& x) {
  return record("neg", {x}, neg(x.value()), Saves::nothing(), [](Node& n, const Variable& dy) { n.add_grad(0, -dy); });
}

Variable abs(const Variable& x) {
  return record("abs", {x}, abs(x.value()), Saves::input(0),
                [](Node& n, const Variable& dy) { n.add_grad(0, dy * Variable(sign(n.input(0).value()))); });
}

Variable square(const Variable& x) {
  return record("square", {x}, square(x.value()), Saves::input(0),
                [](Node& n, const Variable& dy) { n.add_grad(0, 2 * (dy * n.input(0))); });
}

Variable reciprocal(const Variable& x) {
  return record("reciprocal", {x}, reciprocal(x.value()), Saves::output(),
                [](Node& n, const Variable& dy) { n.add_grad(0, -(dy * square(n.output()))); });
}

}  // namespace weft
