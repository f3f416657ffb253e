// autograd/linalg.h: small linear algebra that records its derivative
#pragma once
#include "autograd/variable.h"
#include "tensor/linalg.h"

namespace weft {

/// See the tensor functions of the same names for shapes and errors.
Variable cholesky(const Variable& x);  ///< the gradient is symmetric, as if x were read whole
Variable solve_triangular(const Variable& a, const Variable& b, Triangular how);
Qr<Variable> qr(const Variable& x);
Variable solve(const Variable& a, const Variable& b);
Variable inv(const Variable& x);
/// Of singular matrices too, from n^2 smaller determinants each: O(n^5) there, O(n^3) elsewhere.
Variable det(const Variable& x);
SlogDet<Variable> slogdet(const Variable& x);  ///< sign is a constant; the derivative throws where x is singular

}  // namespace weft
