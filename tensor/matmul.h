// tensor/matmul.h: matrix products
#pragma once
#include "tensor/tensor.h"

namespace weft {

/// y[..., i, j] = sum_k a[..., i, k] b[..., k, j].  a [..., m, k], b [..., k, n] -> y [..., m, n], float.
/// Leading axes broadcast. A vector is taken as one row (a) or one column (b), and that axis vanishes from y.
/// Throws: 0-dim operand, inner sizes that differ, dtypes that differ or are not float, devices that differ.
Tensor matmul(const Tensor& a, const Tensor& b);

}  // namespace weft
