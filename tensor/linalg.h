// tensor/linalg.h: small linear algebra on batches of matrices; names and conventions as torch.linalg
//
// x [..., m, n] is a batch of matrices; leading axes broadcast where there are two operands. float32 and float64; all
// work is done in double. Matrices that cannot be factored are named by their number in the batch, in row-major order.
// All throw: fewer than two axes, matrices that are not square where they must be, dtypes that differ or are not float.
#pragma once
#include "tensor/tensor.h"

namespace weft {

/// The lower triangular L with x = L L^T.  x [..., n, n], symmetric: only its lower triangle is read.
/// Throws: x is not positive definite (says which matrix, and the order of the leading minor).
Tensor cholesky(const Tensor& x);

/// Of solve_triangular. A transposed matrix is a view: solve_triangular(a.transpose(), b, {.upper = !upper}).
struct Triangular {
  bool upper;                  ///< the triangle that is read
  bool left = true;            ///< a y = b, else y a = b
  bool unitriangular = false;  ///< the diagonal is 1 and is not read
};
/// a y = b for triangular a [..., n, n].  b [..., n, k] (left) or [..., k, n] -> y of b's shape.
/// Throws: sizes that do not fit, a 0 on the diagonal.
Tensor solve_triangular(const Tensor& a, const Tensor& b, Triangular how);

/// x = q r with orthonormal columns in q and upper triangular r.
template <class X>
struct Qr {
  X q, r;
};
/// Reduced: x [..., m, n] -> q [..., m, k], r [..., k, n], k = min(m, n). Householder's reflections with LAPACK's
/// signs: r's diagonal may be negative. The derivative needs the first k columns of x to be linearly independent.
Qr<Tensor> qr(const Tensor& x);

/// a y = b, by LU factors with partial pivoting.  a [..., n, n], b [..., n, k] -> y [..., n, k]; b is a batch of
/// vectors when it is [n] or has the shape of a without its last axis, and so is y then. Throws: a is singular (says
/// which matrix), sizes that do not fit.
Tensor solve(const Tensor& a, const Tensor& b);

/// The inverse.  x [..., n, n] -> the same shape.  Throws: x is singular.
Tensor inv(const Tensor& x);

/// The determinant.  x [..., n, n] -> [...]; 0 for a singular matrix.
Tensor det(const Tensor& x);

/// det = sign * exp(logabsdet), without its overflow. sign is -1, 0 or 1 and has no derivative.
template <class X>
struct SlogDet {
  X sign, logabsdet;
};
/// x [..., n, n] -> both [...]; a singular matrix has sign 0 and logabsdet -inf, and its derivative throws.
SlogDet<Tensor> slogdet(const Tensor& x);

}  // namespace weft
