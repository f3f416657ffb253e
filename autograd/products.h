// autograd/products.h: products of vectors and matrices by name, which record their derivative
#pragma once
#include "autograd/variable.h"
#include "tensor/products.h"

namespace weft {

/// See the tensor functions of the same names for shapes and errors.
Variable dot(const Variable& a, const Variable& b);
Variable mv(const Variable& a, const Variable& b);
Variable mm(const Variable& a, const Variable& b);
Variable bmm(const Variable& a, const Variable& b);
Variable addmm(const Variable& c, const Variable& a, const Variable& b, double beta = 1, double alpha = 1);
Variable baddbmm(const Variable& c, const Variable& a, const Variable& b, double beta = 1, double alpha = 1);
Variable outer(const Variable& a, const Variable& b);
Variable kron(const Variable& a, const Variable& b);
Variable trace(const Variable& x);

}  // namespace weft
