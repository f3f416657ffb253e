// datasets/mixup.h: training on the lines between images
#pragma once
#include "tensor/random.h"
#include "tensor/tensor.h"

namespace weft::datasets {

struct MixedBatch {
  Tensor images;  ///< as they came in
  Tensor labels;  ///< [n, classes] in the images' dtype: each row sums to 1
};

/// mixup (Zhang et al. 2018, arXiv 1710.09412): image i becomes t x_i + (1 - t) x_j and its label the same mixture of
/// one-hot rows, with j from a random permutation of the batch and t ~ Beta(alpha, alpha) for each pair.
/// images: floats [n, ...]; labels: int64 [n] in 0 .. classes - 1.  Throws: other shapes, a label out of range,
/// alpha <= 0.
MixedBatch mixup(const Tensor& images, const Tensor& labels, int64_t classes, double alpha, RandomStream& augment);

}  // namespace weft::datasets
