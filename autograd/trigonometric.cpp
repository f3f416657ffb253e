// autograd/trigonometric.cpp: circular and hyperbolic functions and their derivatives
//
//   y = sin(x)         dx = dy cos(x)                            saves x
//   y = cos(x)         dx = -dy sin(x)                           saves x
//   y = tan(x)         dx = dy (1 + y^2)                         saves y
//   y = asin(x)        dx = dy / sqrt(1 - x^2)                   saves x
//   y = acos(x)        dx = -dy / sqrt(1 - x^2)                  saves x
//   y = atan(x)        dx = dy / (1 + x^2)                       saves x
//   y = sinh(x)        dx = dy cosh(x)                           saves x
//   y = cosh(x)        dx = dy sinh(x)                           saves x
//   y = tanh(x)        dx = dy (1 - y^2)                         saves y
#include "autograd/elementwise.h"
#include "autograd/node.h"

namespace weft {

Variable sin(const Variable& x) {
  return record("sin", {x}, sin(x.value()), Saves::input(0),
                [](Node& n, const Variable& dy) { n.add_grad(0, dy * cos(n.input(0))); });
}

Variable cos(const Variable& x) {
  return record("cos", {x}, cos(x.value()), Saves::input(0),
                [](Node& n, const Variable& dy) { n.add_grad(0, -(dy * sin(n.input(0)))); });
}

Variable tan(const Variable& x) {
  return record("tan", {x}, tan(x.value()), Saves::output(),
                [](Node& n, const Variable& dy) { n.add_grad(0, dy + dy * square(n.output())); });
}

Variable asin(const Variable& x) {
  return record("asin", {x}, asin(x.value()), Saves::input(0),
                [](Node& n, const Variable& dy) { n.add_grad(0, dy * rsqrt(1 - square(n.input(0)))); });
}

Variable acos(const Variable& x) {
  return record("acos", {x}, acos(x.value()), Saves::input(0),
                [](Node& n, const Variable& dy) { n.add_grad(0, -(dy * rsqrt(1 - square(n.input(0))))); });
}

Variable atan(const Variable& x) {
  return record("atan", {x}, atan(x.value()), Saves::input(0),
                [](Node& n, const Variable& dy) { n.add_grad(0, dy / (1 + square(n.input(0)))); });
}

Variable sinh(const Variable& x) {
  return record("sinh", {x}, sinh(x.value()), Saves::input(0),
                [](Node& n, const Variable& dy) { n.add_grad(0, dy * cosh(n.input(0))); });
}

Variable cosh(const Variable& x) {
  return record("cosh", {x}, cosh(x.value()), Saves::input(0),
                [](Node& n, const Variable& dy) { n.add_grad(0, dy * sinh(n.input(0))); });
}

Variable tanh(const Variable& x) {
  return record("tanh", {x}, tanh(x.value()), Saves::output(),
                [](Node& n, const Variable& dy) { n.add_grad(0, dy - dy * square(n.output())); });
}

}  // namespace weft
