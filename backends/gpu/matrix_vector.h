// backends/gpu/matrix_vector.h: products with a vector, which memory bounds: every element of the matrix is read once
#pragma once
#include "backends/gpu/gpu.h"

namespace weft::WEFT_GPU {

/// y[s] = matrix[s] vector[s] for a product of the batch with one row or one column: whether it was done. Left to
/// others are long sums of few outputs, which a block each would not share out well.
bool matrix_vector(const Tensor& a, const Tensor& b, const Tensor& y);

}  // namespace weft::WEFT_GPU
