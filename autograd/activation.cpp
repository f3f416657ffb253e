// autograd/activation.cpp: activations and their derivatives
//
//   y = sigmoid(x)     dx = dy (y - y^2)                                        saves y
//   y = log_sigmoid(x) dx = dy sigmoid(-x)                                      saves x
//   y = relu(x)        dx = 0 where y <= 0, else dy                             saves y
//   y = silu(x)        dx = dy s (1 + x (1 - s)), s = sigmoid(x)                saves x
//   y = gelu(x)        dx = dy (Phi(x) + x phi(x)), phi = Phi'                  saves x
//   y = softplus(x)    dx = dy sigmoid(beta x), dy above the threshold          saves x
//   y = elu(x)         dx = dy where x > 0, else dy alpha exp(x)                saves x
//   y = selu(x)        dx = dy scale where x > 0, else dy scale alpha exp(x)    saves x
//   y = mish(x)        dx = dy (t + x (1 - t^2) sigmoid(x))                     saves x; t = tanh(softplus(x))
//   y = hardswish(x)   dx = dy (x / 3 + 1/2), 0 where x <= -3, dy where x >= 3  saves x
//   y = leaky_relu(x)  dx = dy where x > 0, else dy slope                       saves x
//   y = glu(a, b)      da = dy s, db = dy a (s - s^2), s = sigmoid(b)           saves x, which holds a and b
//   y = hardtanh(x)    dx = dy where low < x < high or x is NaN, else 0         saves x
#include "autograd/activation.h"

#include "autograd/elementwise.h"
#include "autograd/node.h"
#include "autograd/view.h"
#include "tensor/maths/activation.h"

namespace weft {
namespace {

/// Phi(x) + x phi(x).
Variable gelu_slope(const Variable& x) {
  constexpr double kSqrtHalf = 0.70710678118654752440, kInverseSqrt2Pi = 0.39894228040143267794;
  return 0.5 * erfc(-kSqrtHalf * x) + kInverseSqrt2Pi * (x * exp(-0.5 * square(x)));
}

/// (1 + t) / 2 + x (1 - t^2) / 2 k (1 + 3 c x^2), where t = tanh(k (x + c x^3)).
Variable gelu_tanh_slope(const Variable& x) {
  constexpr double k = 0.79788456080286535588, c = 0.044715;  // k = sqrt(2 / pi)
  const Variable x2 = square(x), t = tanh(k * (x + c * (x * x2)));
  return 0.5 * (1 + t) + 0.5 * k * (x * (1 - square(t)) * (1 + 3 * c * x2));
}

}  // namespace

Variable sigmoid(const Variable& x) {
  return record("sigmoid", {x}, sigmoid(x.value()), Saves::output(), [](Node& n, const Variable& dy) {
    const Variable y = n.output();
    n.add_grad(0, dy * (y - square(y)));
  });
}

Variable log_sigmoid(const Variable& x) {
  return record("log_sigmoid", {x}, log_sigmoid(x.value()), Saves::input(0),
                [](Node& n, const Variable& dy) { n.add_grad(0, dy * sigmoid(-n.input(0))); });
}

Variable relu(const Variable& x) {
  return record("relu", {x}, relu(x.value()), Saves::output(),
                [](Node& n, const Variable& dy) { n.add_grad(0, where(less_equal(n.output().value(), 0), 0, dy)); });
}

Variable silu(const Variable& x) {
  return record("silu", {x}, silu(x.value()), Saves::input(0), [](Node& n, const Variable& dy) {
    const Variable x = n.input(0), s = sigmoid(x);
    n.add_grad(0, dy * (s * (1 + x * (1 - s))));
  });
}

Variable gelu(const Variable& x, GeluForm form) {
  return record("gelu", {x}, gelu(x.value(), form), Saves::input(0), [form](Node& n, const Variable& dy) {
    n.add_grad(0, dy * (form == GeluForm::erf ? gelu_slope(n.input(0)) : gelu_tanh_slope(n.input(0))));
  });
}

Variable softplus(const Variable& x, double beta, double threshold) {
  return record("softplus", {x}, softplus(x.value(), beta, threshold), Saves::input(0),
                [beta, threshold](Node& n, const Variable& dy) {
                  const Variable scaled = n.input(0) * beta;
                  n.add_grad(0, where(greater(scaled.value(), threshold), dy, dy * sigmoid(scaled)));
                });
}

Variable elu(const Variable& x, double alpha) {
  return record("elu", {x}, elu(x.value(), alpha), Saves::input(0), [alpha](Node& n, const Variable& dy) {
    // exp runs over x <= 0 only: where it overflows, the next derivative would be 0 times infinity.
    const Tensor linear = greater(n.input(0).value(), 0);
    n.add_grad(0, where(linear, dy, dy * alpha * exp(where(linear, 0, n.input(0)))));
  });
}

Variable selu(const Variable& x) {
  return record("selu", {x}, selu(x.value()), Saves::input(0), [](Node& n, const Variable& dy) {
    const Variable scaled = dy * kSeluScale;
    const Tensor linear = greater(n.input(0).value(), 0);  // exp runs over x <= 0 only, as in elu
    n.add_grad(0, where(linear, scaled, scaled * kSeluAlpha * exp(where(linear, 0, n.input(0)))));
  });
}

Variable mish(const Variable& x) {
  return record("mish", {x}, mish(x.value()), Saves::input(0), [](Node& n, const Variable& dy) {
    const Variable x = n.input(0), t = tanh(softplus(x));
    n.add_grad(0, dy * (t + x * (1 - square(t)) * sigmoid(x)));
  });
}

Variable hardswish(const Variable& x) {
  return record("hardswish", {x}, hardswish(x.value()), Saves::input(0), [](Node& n, const Variable& dy) {
    const Variable x = n.input(0);
    const Variable bent = where(greater_equal(x, 3), dy, dy * (x / 3 + 0.5));
    n.add_grad(0, where(less_equal(x, -3), 0, bent));
  });
}

Variable leaky_relu(const Variable& x, double slope) {
  return record("leaky_relu", {x}, leaky_relu(x.value(), slope), Saves::input(0), [slope](Node& n, const Variable& dy) {
    n.add_grad(0, where(greater(n.input(0).value(), 0), dy, dy * slope));
  });
}

Variable hardtanh(const Variable& x, Scalar low, Scalar high) {
  return record("hardtanh", {x}, hardtanh(x.value(), low, high), Saves::input(0),
                [low, high](Node& n, const Variable& dy) {
                  const Tensor x = n.input(0).value();
                  n.add_grad(0, where(logical_or(less_equal(x, low), greater_equal(x, high)), 0, dy));
                });
}

Variable relu6(const Variable& x) { return hardtanh(x, 0, 6); }

Variable glu(const Variable& x, int64_t axis) {
  return record("glu", {x}, glu(x.value(), axis), Saves::input(0), [axis](Node& n, const Variable& dy) {
    const int64_t half = dy.size(axis);
    const Variable a = slice(n.input(0), axis, 0, half), s = sigmoid(slice(n.input(0), axis, half, 2 * half));
    n.add_grad(0, cat({dy * s, dy * a * (s - square(s))}, axis));
  });
}

}  // namespace weft
