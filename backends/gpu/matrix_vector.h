// backends/gpu/matrix_vector.h: products with a vector, which memory bounds: every element of the matrix is read once
#pragma once
#include "backends/gpu/gpu.h"

namespace weft::WEFT_GPU {

/// From one product of a batch to the next: 0 where all share one operand.
inline int64_t product_stride(const Tensor& x) { return x.shape()[0] == 1 ? 0 : x.strides()[0]; }

/// y[s] = matrix[s] vector[s] for a product of the batch with one row or one column: whether it was done. Left to
/// others are long sums of few outputs, which a block each would not share out well.
bool matrix_vector(const Tensor& a, const Tensor& b, const Tensor& y);

}  // namespace weft::WEFT_GPU
