// datasets/transforms.h: augmentation of image batches [n, c, h, w]
#pragma once
#include "tensor/random.h"
#include "tensor/tensor.h"

namespace weft::datasets {

/// Each image gets `padding` zero pixels on every side and is cut back to its size at a random place of its own.
/// Throws: not 4 axes, padding < 0.
Tensor pad_and_random_crop(const Tensor& images, int64_t padding, RandomStream& augment);

}  // namespace weft::datasets
