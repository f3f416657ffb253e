// tensor/indexing.h: reading and adding at computed positions
#pragma once
#include "tensor/tensor.h"

namespace weft {

/// y[i][j][k] = x[i][index[i][j][k]][k] for axis 1 (and alike for others).  index int64, same rank as x, and on other
/// axes no larger than x; y has index's shape.  Throws: rank, dtype, or an index out of range (also negative).
Tensor gather(const Tensor& x, int64_t axis, const Tensor& index);

/// A copy of x with source[i][j][k] added at [i][index[i][j][k]][k] for axis 1: the adjoint of gather. Indices may
/// repeat.
Tensor scatter_add(const Tensor& x, int64_t axis, const Tensor& index, const Tensor& source);

/// Whole slices of x at `index` (int64, 1-dim) along `axis`, in that order.
Tensor index_select(const Tensor& x, int64_t axis, const Tensor& index);

}  // namespace weft
