// tensor/linalg_generic.h: what linear algebra makes of its basic cases, written once for Tensor and Variable
#pragma once
#include <algorithm>

#include "tensor/checks.h"
#include "tensor/join.h"
#include "tensor/linalg.h"
#include "tensor/matmul.h"
#include "tensor/view_functions.h"

namespace weft::linalg {

/// Throws: fewer than two axes, not a float.
void check_matrices(std::string_view op, std::string_view name, const Tensor& x);
void check_square(std::string_view op, std::string_view name, const Tensor& x);
/// a and b have one dtype and device, b rank >= 2, and batch axes that broadcast.
void check_pair(std::string_view op, const Tensor& a, const Tensor& b);

// The basic cases. a y = b with matrices b; both may broadcast.
Tensor solve_left(const Tensor& a, const Tensor& b, bool upper, bool unitriangular);
Tensor solve_matrices(const Tensor& a, const Tensor& b);
/// Of x [..., n, n], not empty: bool [...], true where a pivot of its LU factors is at most n eps of the largest.
Tensor is_singular(const Tensor& x);
/// q above r, for m >= n.
Tensor qr_packed(const Tensor& x);

/// `left` is solve_left; y a = b is a^T y^T = b^T.
template <class X, class F>
X solve_triangular(const X& a, const X& b, Triangular how, F&& left) {
  check_square("solve_triangular", "a", value_of(a));
  check_pair("solve_triangular", value_of(a), value_of(b));
  if (value_of(a).size(-1) != value_of(b).size(how.left ? -2 : -1))
    fail("solve_triangular",
         "sizes do not fit: a is {}, b is {}; hint: b is [..., n, k], or [..., k, n] with left = false",
         value_of(a).describe(), value_of(b).describe());
  if (how.left) return left(a, b, how.upper, how.unitriangular);
  return transpose(left(transpose(a), transpose(b), !how.upper, how.unitriangular));
}

/// `packed` is qr_packed. Of a wide x the first columns are factored: x = q [r1, q^T x2].
template <class X, class F>
Qr<X> qr(const X& x, F&& packed) {
  check_matrices("qr", "x", value_of(x));
  const int64_t m = value_of(x).size(-2), n = value_of(x).size(-1), k = std::min(m, n);
  const X both = packed(n > m ? slice(x, -1, 0, m) : x);
  const X q = slice(both, -2, 0, m), r = slice(both, -2, m, m + k);
  if (n <= m) return {q, r};
  return {q, cat({r, matmul(transpose(q), slice(x, -1, m, n))}, -1)};
}

/// `matrices` is solve_matrices.
template <class X, class F>
X solve(const X& a, const X& b, F&& matrices) {
  const Tensor &av = value_of(a), &bv = value_of(b);
  check_square("solve", "a", av);
  check_defined("solve", bv);
  Shape vectors = av.shape();
  vectors.erase(vectors.size() - 1);
  const bool is_vector = bv.rank() == 1 || bv.shape() == vectors;
  if (bv.rank() == 0 || bv.size(is_vector ? -1 : -2) != av.size(-1))
    fail("solve", "sizes do not fit: a is {}, b is {}; hint: b is [..., n, k] or [n]", av.describe(), bv.describe());
  check_pair("solve", av, is_vector ? bv.unsqueeze(-1) : bv);
  return is_vector ? squeeze(matrices(a, unsqueeze(b, -1)), -1) : matrices(a, b);
}

}  // namespace weft::linalg
