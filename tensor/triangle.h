// tensor/triangle.h: the diagonal of matrices, and what lies on either side of it
//
// Diagonal number k holds the elements [i, i + k]: 0 is the main one, 1 stands above it, -1 below.
#pragma once
#include "tensor/tensor.h"

namespace weft {

/// The last two axes with 0 above diagonal k (tril) or below it (triu).  x [..., m, n] -> same shape, any dtype.
/// Throws: less than 2 axes.
Tensor tril(const Tensor& x, int64_t diagonal = 0);
Tensor triu(const Tensor& x, int64_t diagonal = 0);
/// What tril keeps: bool [m, n], true where j <= i + diagonal.
Tensor tril_mask(int64_t m, int64_t n, int64_t diagonal, Device device);

/// A view of diagonal `offset` of the planes that axis0 (the rows) and axis1 span; the two axes vanish and the diagonal
/// becomes the last one. It is empty where the offset lies outside.  Throws: axis out of range, one axis twice.
Tensor diagonal(const Tensor& x, int64_t offset = 0, int64_t axis0 = 0, int64_t axis1 = 1);

/// Square planes of zeros at axis0 and axis1 of the result, with the last axis of x as their diagonal `offset`.
/// x [..., n] -> [..., n + |offset|, n + |offset|].  Throws: axis out of range, one axis twice, no axis.
Tensor diag_embed(const Tensor& x, int64_t offset = 0, int64_t axis0 = -2, int64_t axis1 = -1);
/// The shape of diag_embed's result.
Shape diag_embed_shape(const Tensor& x, int64_t offset, int64_t axis0, int64_t axis1);

/// x [n]: the matrix with x as its diagonal `offset`. x [m, n]: that diagonal of x, a view.  Throws: another rank.
Tensor diag(const Tensor& x, int64_t offset = 0);

}  // namespace weft
