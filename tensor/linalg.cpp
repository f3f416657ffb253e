// tensor/linalg.cpp: checks, and what the factors tell
#include "tensor/linalg.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tensor/backend.h"
#include "tensor/batched.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"
#include "tensor/indexing.h"
#include "tensor/linalg_generic.h"
#include "tensor/reduce.h"
#include "tensor/triangle.h"

namespace weft {

namespace linalg {

void check_matrices(std::string_view op, std::string_view name, const Tensor& x) {
  check_floating(op, x);
  if (x.rank() < 2) fail(op, "{} needs two axes or more: it is {}", name, x.describe());
}

void check_square(std::string_view op, std::string_view name, const Tensor& x) {
  check_matrices(op, name, x);
  if (x.size(-1) != x.size(-2)) fail(op, "{} is not square: it is {}", name, x.describe());
}

void check_pair(std::string_view op, const Tensor& a, const Tensor& b) {
  check_matrices(op, "b", b);
  check_same_device(op, a, b);
  check_same_dtype(op, a, b);
  for (int64_t axis = 3; axis <= std::min(a.rank(), b.rank()); ++axis)
    if (a.size(-axis) != b.size(-axis) && a.size(-axis) != 1 && b.size(-axis) != 1)
      fail(op, "cannot broadcast batch axes {} with {}: a is {}, b is {}", to_string(batch_of(a)),
           to_string(batch_of(b)), a.describe(), b.describe());
}

}  // namespace linalg

namespace {

using linalg::check_square;

Tensor diagonals(const Tensor& x) { return diagonal(x, 0, -2, -1); }

/// Position of the first diagonal element for which `is_bad` holds: matrix, place. Both -1 when there is none.
template <class F>
std::pair<int64_t, int64_t> find_on_diagonals(const Tensor& x, F&& is_bad) {
  const int64_t n = x.size(-1);
  const std::vector<double> values = diagonals(x).to_vector<double>();
  const auto bad = std::find_if(values.begin(), values.end(), is_bad);
  if (bad == values.end()) return {-1, -1};
  return {(bad - values.begin()) / n, (bad - values.begin()) % n};
}

/// Of x [..., n, n]: factors of x's shape, and rows int64 [..., n] (Backend::lu).
struct LuFactors {
  Tensor lu, rows;
};
LuFactors lu_factors(const Tensor& x) {
  const Shape batch = batch_of(x);
  const int64_t count = numel_of(batch), n = x.size(-1);
  LuFactors f{empty(x.shape(), {x.dtype(), x.device()}),
              empty({count, n}, {.dtype = DType::int64, .device = x.device()})};
  if (x.numel() > 0) x.backend().lu(one_batch_axis(x, batch), f.lu.reshape({count, n, n}), f.rows);
  return f;
}

/// -1 for an odd permutation, else 1; one for each row of `rows`, as `like`.
Tensor parities(const Tensor& rows, const Tensor& like) {
  const int64_t n = rows.size(-1);
  std::vector<int64_t> order = rows.to_vector<int64_t>();
  std::vector<double> signs(static_cast<size_t>(rows.size(0)), 1);
  for (size_t item = 0; item < signs.size(); ++item) {
    int64_t* p = order.data() + static_cast<int64_t>(item) * n;
    for (int64_t i = 0; i < n; ++i)
      while (p[i] != i) {  // each swap brings one row home
        std::swap(p[i], p[p[i]]);
        signs[item] = -signs[item];
      }
  }
  return from_data(signs, batch_of(like), like.device()).to(like.dtype());
}

Tensor solve_by_lu(std::string_view op, const Tensor& a, const Tensor& b) {
  const Shape batch = broadcast_shapes(op, batch_of(a), batch_of(b));
  const LuFactors f = lu_factors(a);
  const auto [item, place] = find_on_diagonals(f.lu, [](double pivot) { return pivot == 0; });
  if (item >= 0)
    fail(op, "matrix {} of the batch is singular: pivot {} of its LU factors is 0; {} is {}", item, place,
         op == "inv" ? "x" : "a", a.describe());
  const Tensor order = one_batch_axis(f.rows.reshape(with_matrix(batch_of(a), a.size(-1), 1)), batch);
  const Tensor right = one_batch_axis(b, batch);
  const Tensor permuted =
      gather(right, 1, order.expand(right.shape())).reshape(with_matrix(batch, b.size(-2), b.size(-1)));
  return linalg::solve_left(f.lu, linalg::solve_left(f.lu, permuted, false, true), true, false);
}

}  // namespace

namespace linalg {

Tensor solve_left(const Tensor& a, const Tensor& b, bool upper, bool unitriangular) {
  if (!unitriangular) {
    const auto [item, place] = find_on_diagonals(a, [](double element) { return element == 0; });
    if (item >= 0)
      fail("solve_triangular", "matrix {} of the batch is singular: element {} of its diagonal is 0; a is {}", item,
           place, a.describe());
  }
  const Shape batch = broadcast_shapes("solve_triangular", batch_of(a), batch_of(b));
  const int64_t count = numel_of(batch), n = b.size(-2), k = b.size(-1);
  const Tensor y = empty(with_matrix(batch, n, k), {b.dtype(), b.device()});
  if (y.numel() > 0)
    y.backend().solve_triangular(one_batch_axis(a, batch), one_batch_axis(b, batch), y.reshape({count, n, k}), upper,
                                 unitriangular);
  return y;
}

Tensor solve_matrices(const Tensor& a, const Tensor& b) { return solve_by_lu("solve", a, b); }

Tensor is_singular(const Tensor& x) {
  const Tensor pivots = abs(diagonals(lu_factors(x).lu));
  const double eps =
      x.dtype() == DType::float32 ? std::numeric_limits<float>::epsilon() : std::numeric_limits<double>::epsilon();
  return less_equal(min(pivots, {-1}), max(pivots, {-1}) * (eps * static_cast<double>(x.size(-1))));
}

Tensor qr_packed(const Tensor& x) {
  const Shape batch = batch_of(x);
  const int64_t m = x.size(-2), n = x.size(-1), count = numel_of(batch);
  const Tensor y = empty(with_matrix(batch, m + n, n), {x.dtype(), x.device()});
  if (y.numel() > 0) y.backend().qr(one_batch_axis(x, batch), y.reshape({count, m + n, n}));
  return y;
}

}  // namespace linalg

Tensor cholesky(const Tensor& x) {
  check_square("cholesky", "x", x);
  const Shape batch = batch_of(x);
  const int64_t n = x.size(-1), count = numel_of(batch);
  const Tensor y = empty_like(x);
  if (y.numel() == 0) return y;
  y.backend().cholesky(one_batch_axis(x, batch), y.reshape({count, n, n}));
  const auto [item, place] = find_on_diagonals(y, [](double element) { return std::isnan(element); });
  if (item >= 0)
    fail("cholesky", "matrix {} of the batch is not positive definite: its leading minor of order {} is not; x is {}",
         item, place + 1, x.describe());
  return y;
}

Tensor solve_triangular(const Tensor& a, const Tensor& b, Triangular how) {
  return linalg::solve_triangular(a, b, how, linalg::solve_left);
}

Qr<Tensor> qr(const Tensor& x) { return linalg::qr(x, linalg::qr_packed); }

Tensor solve(const Tensor& a, const Tensor& b) { return linalg::solve(a, b, linalg::solve_matrices); }

Tensor inv(const Tensor& x) {
  check_square("inv", "x", x);
  return solve_by_lu("inv", x, eye(x.size(-1), {x.dtype(), x.device()}));
}

Tensor det(const Tensor& x) {
  check_square("det", "x", x);
  const LuFactors f = lu_factors(x);
  return prod(diagonals(f.lu), {-1}) * parities(f.rows, x);
}

SlogDet<Tensor> slogdet(const Tensor& x) {
  check_square("slogdet", "x", x);
  const LuFactors f = lu_factors(x);
  const Tensor pivots = diagonals(f.lu);
  return {prod(sign(pivots), {-1}) * parities(f.rows, x), sum(log(abs(pivots)), {-1})};
}

}  // namespace weft
