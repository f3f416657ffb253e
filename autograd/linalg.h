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
Variable det(const Variable& x);
SlogDet<Variable> slogdet(const Variable& x);  ///< sign is a constant

}  // namespace weft
