// autograd/exponential.cpp: exponentials, logarithms, roots, and their derivatives
//
//   y = exp(x)         dx = dy y                                 saves y
//   y = 2^x            dx = dy y log(2)                          saves y
//   y = exp(x) - 1     dx = dy (y + 1)                           saves y
//   y = log(x)         dx = dy / x                               saves x
//   y = log_b(x)       dx = dy / (x log(b)), b = 2 or 10         saves x
//   y = log1p(x)       dx = dy / (1 + x)                         saves x
//   y = sqrt(x)        dx = dy / (2 y)                           saves y
//   y = 1 / sqrt(x)    dx = -dy y^3 / 2                          saves y
//   y = erf(x)         dx = dy 2 / sqrt(pi) exp(-x^2)            saves x
//   y = erfc(x)        dx = -dy 2 / sqrt(pi) exp(-x^2)           saves x
#include "autograd/elementwise.h"
#include "autograd/node.h"

namespace weft {
namespace {

constexpr double kLog2 = 0.69314718055994530942, kLog10 = 2.30258509299404568402;
constexpr double kErf = 1.12837916709551257390;  // 2 / sqrt(pi)

}  // namespace

Variable exp(const Variable& x) {
  return record("exp", {x}, exp(x.value()), Saves::output(),
                [](Node& n, const Variable& dy) { n.add_grad(0, dy * n.output()); });
}

Variable exp2(const Variable& x) {
  return record("exp2", {x}, exp2(x.value()), Saves::output(),
                [](Node& n, const Variable& dy) { n.add_grad(0, dy * n.output() * kLog2); });
}

Variable expm1(const Variable& x) {
  return record("expm1", {x}, expm1(x.value()), Saves::output(),
                [](Node& n, const Variable& dy) { n.add_grad(0, dy * (n.output() + 1)); });
}

Variable log(const Variable& x) {
  return record("log", {x}, log(x.value()), Saves::input(0),
                [](Node& n, const Variable& dy) { n.add_grad(0, dy / n.input(0)); });
}

Variable log2(const Variable& x) {
  return record("log2", {x}, log2(x.value()), Saves::input(0),
                [](Node& n, const Variable& dy) { n.add_grad(0, dy / (n.input(0) * kLog2)); });
}

Variable log10(const Variable& x) {
  return record("log10", {x}, log10(x.value()), Saves::input(0),
                [](Node& n, const Variable& dy) { n.add_grad(0, dy / (n.input(0) * kLog10)); });
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

Variable erf(const Variable& x) {
  return record("erf", {x}, erf(x.value()), Saves::input(0),
                [](Node& n, const Variable& dy) { n.add_grad(0, dy * (kErf * exp(-square(n.input(0))))); });
}

Variable erfc(const Variable& x) {
  return record("erfc", {x}, erfc(x.value()), Saves::input(0),
                [](Node& n, const Variable& dy) { n.add_grad(0, -(dy * (kErf * exp(-square(n.input(0)))))); });
}

}  // namespace weft
