// autograd/elementwise.cpp: element-wise functions and their derivatives
//
//   y = -x             dx = -dy                                  saves nothing
//   y = |x|            dx = dy sign(x)                           saves x
//   y = x^2            dx = 2 dy x                               saves x
//   y = exp(x)         dx = dy y                                 saves y
//   y = log(x)         dx = dy / x                               saves x
//   y = log1p(x)       dx = dy / (1 + x)                         saves x
//   y = sqrt(x)        dx = dy / (2 y)                           saves y
//   y = 1 / sqrt(x)    dx = -dy y^3 / 2                          saves y
//   y = 1 / x          dx = -dy y^2                              saves y
//   y = sin(x)         dx = dy cos(x)                            saves x
//   y = cos(x)         dx = -dy sin(x)                           saves x
//   y = tanh(x)        dx = dy (1 - y^2)                         saves y
//   y = sigmoid(x)     dx = dy (y - y^2)                         saves y
//   y = relu(x)        dx = 0 where y <= 0, else dy              saves y
#include "autograd/elementwise.h"

#include "autograd/node.h"
#include "autograd/reduce.h"
#include "autograd/view.h"
#include "tensor/create.h"

namespace weft {
namespace {

Tensor zero_of(const Variable& x) { return scalar(0, {.dtype = x.dtype(), .device = x.device()}); }

}  // namespace

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

Variable exp(const Variable& x) {
  return record("exp", {x}, exp(x.value()), Saves::output(),
                [](Node& n, const Variable& dy) { n.add_grad(0, dy * n.output()); });
}

Variable log(const Variable& x) {
  return record("log", {x}, log(x.value()), Saves::input(0),
                [](Node& n, const Variable& dy) { n.add_grad(0, dy / n.input(0)); });
}

Variable log1p(const Variable& x) {
  return record("log1p", {x}, log1p(x.value()), Saves::input(0),
                [](Node& n, const Variable& dy) { n.add_grad(0, dy / (1 + n.input(0))); });
}

Variable sqrt(const Variable& x) {
  return record("sqrt", {x}, sqrt(x.value()), Saves::output(),
                [](Node& n, const Variable& dy) { n.add_grad(0, dy / (2 * n.output())); });
}

Variable rsqrt(const Variable& x) {
  return record("rsqrt", {x}, rsqrt(x.value()), Saves::output(), [](Node& n, const Variable& dy) {
    const Variable y = n.output();
    n.add_grad(0, -0.5 * (dy * y * square(y)));
  });
}

Variable reciprocal(const Variable& x) {
  return record("reciprocal", {x}, reciprocal(x.value()), Saves::output(),
                [](Node& n, const Variable& dy) { n.add_grad(0, -(dy * square(n.output()))); });
}

Variable sin(const Variable& x) {
  return record("sin", {x}, sin(x.value()), Saves::input(0),
                [](Node& n, const Variable& dy) { n.add_grad(0, dy * cos(n.input(0))); });
}

Variable cos(const Variable& x) {
  return record("cos", {x}, cos(x.value()), Saves::input(0),
                [](Node& n, const Variable& dy) { n.add_grad(0, -(dy * sin(n.input(0)))); });
}

Variable tanh(const Variable& x) {
  return record("tanh", {x}, tanh(x.value()), Saves::output(),
                [](Node& n, const Variable& dy) { n.add_grad(0, dy - dy * square(n.output())); });
}

Variable sigmoid(const Variable& x) {
  return record("sigmoid", {x}, sigmoid(x.value()), Saves::output(), [](Node& n, const Variable& dy) {
    const Variable y = n.output();
    n.add_grad(0, dy * (y - square(y)));
  });
}

Variable relu(const Variable& x) {
  return record("relu", {x}, relu(x.value()), Saves::output(), [](Node& n, const Variable& dy) {
    n.add_grad(0, where(less_equal(n.output().value(), 0), zero_of(dy), dy));
  });
}

}  // namespace weft
