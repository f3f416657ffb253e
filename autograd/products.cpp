// autograd/products.cpp: products of Variables by name; what they are made of records the derivatives
//
//   y = a b (dot, mv, mm, bmm)                    da = dy b^T            db = a^T dy
//   y = beta c + alpha a b (addmm, baddbmm)       da = alpha dy b^T      db = alpha a^T dy       dc = beta dy
//   y = a b^T (outer)                             da = dy b              db = dy^T a
//   y = blocks a_ij b (kron)                      da_ij = sum(dy_ij b)   db = sum_ij a_ij dy_ij, dy_ij of that block
//   y = trace(x)                                  dx = dy times the identity
// Each is summed over what was broadcast.
#include "autograd/products.h"

#include "autograd/elementwise.h"
#include "autograd/matmul.h"
#include "autograd/reduce.h"
#include "autograd/triangle.h"
#include "autograd/view.h"
#include "tensor/products_generic.h"

namespace weft {

Variable dot(const Variable& a, const Variable& b) { return products::product("dot", a, 1, b, 1); }
Variable mv(const Variable& a, const Variable& b) { return products::product("mv", a, 2, b, 1); }
Variable mm(const Variable& a, const Variable& b) { return products::product("mm", a, 2, b, 2); }
Variable bmm(const Variable& a, const Variable& b) { return products::product("bmm", a, 3, b, 3); }

Variable addmm(const Variable& c, const Variable& a, const Variable& b, double beta, double alpha) {
  return products::add_product("addmm", c, a, b, beta, alpha);
}

Variable baddbmm(const Variable& c, const Variable& a, const Variable& b, double beta, double alpha) {
  return products::add_product("baddbmm", c, a, b, beta, alpha);
}

Variable outer(const Variable& a, const Variable& b) { return products::outer(a, b); }
Variable kron(const Variable& a, const Variable& b) { return products::kron(a, b); }
Variable trace(const Variable& x) { return products::trace(x); }

}  // namespace weft
