// autograd/linalg.cpp: factors, solutions and inverses, and their derivatives (Giles 2008; Murray 2016 for cholesky;
// Walter and Lehmann 2018 for qr)
//
//   x = y y^T           dx = y^-T sym(y^T dy) y^-1                                  saves y
//                       sym(s): the lower triangle of s on both sides, halved; the diagonal halved
//   a y = b             db = a^-T dy     da = -db y^T, of a triangle only that      saves a, y
//   x = q r, tall       dx = (dq + q mirror(r dr^T - dq^T q)) r^-T                  saves q and r
//                       mirror(s): the lower triangle of s on both sides
//   y = x^-1            dx = -y^T dy y^T                                            saves y
#include "autograd/linalg.h"

#include "autograd/elementwise.h"
#include "autograd/matmul.h"
#include "autograd/node.h"
#include "autograd/reduce.h"
#include "autograd/triangle.h"
#include "autograd/view.h"
#include "tensor/linalg_generic.h"

namespace weft {
namespace {

/// The lower triangle on both sides.
Variable mirror(const Variable& x) { return tril(x) + transpose(tril(x, -1)); }

Variable solve_left(const Variable& a, const Variable& b, bool upper, bool unit) {
  const Tensor y = linalg::solve_left(a.value(), b.value(), upper, unit);
  const Saves saves = Saves::input(0) | Saves::output();
  return record("solve_triangular", {a, b}, y, saves, [upper, unit](Node& n, const Variable& dy) {
    const Variable a = n.input(0);
    const Variable db = solve_left(transpose(a), dy, !upper, unit);
    if (n.wants(1)) n.add_grad(1, sum_to_size(db, n.input_shape(1)));
    if (!n.wants(0)) return;
    const Variable da = sum_to_size(neg(matmul(db, transpose(n.output()))), a.shape());
    n.add_grad(0, upper ? triu(da, unit ? 1 : 0) : tril(da, unit ? -1 : 0));
  });
}

Variable solve_matrices(const Variable& a, const Variable& b) {
  const Saves saves = Saves::input(0) | Saves::output();
  return record("solve", {a, b}, linalg::solve_matrices(a.value(), b.value()), saves, [](Node& n, const Variable& dy) {
    const Variable a = n.input(0);
    const Variable db = solve_matrices(transpose(a), dy);
    if (n.wants(1)) n.add_grad(1, sum_to_size(db, n.input_shape(1)));
    if (n.wants(0)) n.add_grad(0, sum_to_size(neg(matmul(db, transpose(n.output()))), a.shape()));
  });
}

Variable qr_packed(const Variable& x) {
  return record("qr", {x}, linalg::qr_packed(x.value()), Saves::output(), [](Node& node, const Variable& dy) {
    const int64_t n = dy.size(-1), m = dy.size(-2) - n;
    const Variable y = node.output();
    const Variable q = slice(y, -2, 0, m), r = slice(y, -2, m, m + n);
    const Variable dq = slice(dy, -2, 0, m), dr = slice(dy, -2, m, m + n);
    const Variable inner = matmul(r, transpose(dr)) - matmul(transpose(dq), q);
    const Triangular from_right{.upper = false, .left = false};
    node.add_grad(0, solve_triangular(transpose(r), dq + matmul(q, mirror(inner)), from_right));
  });
}

}  // namespace

Variable cholesky(const Variable& x) {
  return record("cholesky", {x}, cholesky(x.value()), Saves::output(), [](Node& n, const Variable& dy) {
    const Variable y = n.output(), across = transpose(y);
    const Variable inner = mirror(matmul(across, dy)) * Scalar(0.5);
    const Variable left = solve_triangular(across, inner, {.upper = true});
    n.add_grad(0, solve_triangular(y, left, {.upper = false, .left = false}));
  });
}

Variable solve_triangular(const Variable& a, const Variable& b, Triangular how) {
  return linalg::solve_triangular(a, b, how, solve_left);
}

Qr<Variable> qr(const Variable& x) { return linalg::qr(x, qr_packed); }

Variable solve(const Variable& a, const Variable& b) { return linalg::solve(a, b, solve_matrices); }

Variable inv(const Variable& x) {
  return record("inv", {x}, inv(x.value()), Saves::output(), [](Node& n, const Variable& dy) {
    const Variable across = transpose(n.output());
    n.add_grad(0, neg(matmul(matmul(across, dy), across)));
  });
}

}  // namespace weft
