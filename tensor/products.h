// tensor/products.h: products of vectors and matrices by name; matmul (tensor/matmul.h) takes any of them
#pragma once
#include "tensor/tensor.h"

namespace weft {

// All take floats of one dtype, unless said otherwise.
// All throw: other ranks, sizes that do not fit, dtypes or devices that differ.

Tensor dot(const Tensor& a, const Tensor& b);  ///< a [n], b [n] -> sum_i a_i b_i
Tensor mv(const Tensor& a, const Tensor& b);   ///< a [m, k], b [k] -> [m]
Tensor mm(const Tensor& a, const Tensor& b);   ///< a [m, k], b [k, n] -> [m, n]
Tensor bmm(const Tensor& a, const Tensor& b);  ///< a [batch, m, k], b [batch, k, n] -> [batch, m, n]

/// beta c + alpha a b.  a [m, k], b [k, n], c broadcasts to [m, n]. With beta = 0 c is not read: NaN in it does not
/// matter.
Tensor addmm(const Tensor& c, const Tensor& a, const Tensor& b, double beta = 1, double alpha = 1);
/// The same for a [batch, m, k], b [batch, k, n], c that broadcasts to [batch, m, n].
Tensor baddbmm(const Tensor& c, const Tensor& a, const Tensor& b, double beta = 1, double alpha = 1);

/// a [m], b [n] -> y_ij = a_i b_j [m, n]; any dtypes that multiply.
Tensor outer(const Tensor& a, const Tensor& b);
/// Kronecker's product: every element of a times the whole of b. The smaller rank gets axes of size 1 in front; at most
/// 4 axes; y's sizes are the products of theirs; any dtypes that multiply.
Tensor kron(const Tensor& a, const Tensor& b);

/// The sum of the main diagonal of x [m, n]; bool and integers give int64.
Tensor trace(const Tensor& x);

}  // namespace weft
