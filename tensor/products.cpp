// tensor/products.cpp: products of tensors by name
#include "tensor/products.h"

#include "tensor/elementwise.h"
#include "tensor/matmul.h"
#include "tensor/products_generic.h"
#include "tensor/reduce.h"
#include "tensor/triangle.h"

namespace weft {

Tensor dot(const Tensor& a, const Tensor& b) { return products::product("dot", a, 1, b, 1); }
Tensor mv(const Tensor& a, const Tensor& b) { return products::product("mv", a, 2, b, 1); }
Tensor mm(const Tensor& a, const Tensor& b) { return products::product("mm", a, 2, b, 2); }
Tensor bmm(const Tensor& a, const Tensor& b) { return products::product("bmm", a, 3, b, 3); }

Tensor addmm(const Tensor& c, const Tensor& a, const Tensor& b, double beta, double alpha) {
  return products::add_product("addmm", c, a, b, beta, alpha);
}

Tensor baddbmm(const Tensor& c, const Tensor& a, const Tensor& b, double beta, double alpha) {
  return products::add_product("baddbmm", c, a, b, beta, alpha);
}

Tensor outer(const Tensor& a, const Tensor& b) { return products::outer(a, b); }
Tensor kron(const Tensor& a, const Tensor& b) { return products::kron(a, b); }
Tensor trace(const Tensor& x) { return products::trace(x); }

}  // namespace weft
