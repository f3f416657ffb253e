// tensor/batched.h: leading axes of matrices as one batch axis, as the kernels of products and linear algebra take them
#pragma once
#include "tensor/tensor.h"

namespace weft {

/// All axes but the last two.
Shape batch_of(const Tensor& x);
/// [batch..., rows, columns].
Shape with_matrix(Shape batch, int64_t rows, int64_t columns);
/// x broadcast to `batch`, as [numel(batch), rows, columns]; a matrix that repeats over the whole batch stays one
/// matrix with stride 0.
Tensor one_batch_axis(const Tensor& x, const Shape& batch);

}  // namespace weft
