// tensor/embedding.h: from numbers of classes or words to vectors
#pragma once
#include "tensor/tensor.h"

namespace weft {

/// y[i, j, c] = 1 where c = index[i, j], else 0.  index int64, any shape -> int64 [..., num_classes]; without a number
/// of classes it is the largest index plus one.  Throws: an index < 0 or >= num_classes; num_classes 0 or < -1; no
/// number for an empty index.
Tensor one_hot(const Tensor& index, int64_t num_classes = -1);

/// The rows of weight [n, d] at index (int64, any shape [...]) -> [..., d].  Throws: index out of range (negative too).
Tensor embedding(const Tensor& weight, const Tensor& index);

}  // namespace weft
