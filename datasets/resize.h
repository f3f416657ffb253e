// datasets/resize.h: images of another size
#pragma once
#include "tensor/tensor.h"

namespace weft::datasets {

/// Bilinear with antialiasing, as torch.nn.functional.interpolate(mode="bilinear", align_corners=False,
/// antialias=True) has it: along each axis, pixel i of the result is the weighted mean of the pixels around
/// (i + 1/2) s - 1/2 under a triangle of half-width max(s, 1), with s = old size / new size.
/// images [..., h, w], uint8 (rounded) or floats -> [..., height, width].  Throws: other dtypes, a size < 1, no pixels.
Tensor resize(const Tensor& images, int64_t height, int64_t width);

/// The middle height x width pixels; half of an odd rest is rounded as torchvision's center_crop does.
/// images [..., h, w].  Throws: a size that is not 1 to the image's.
Tensor center_crop(const Tensor& images, int64_t height, int64_t width);

/// The image resized until it covers height x width, its proportions kept, and the middle cut out: torchvision's Resize
/// (of the shorter side, where a square is asked for) and CenterCrop. The longer side is rounded down, as there. Only
/// the pixels of the middle are computed, so a long strip costs no more than they do. images and errors: as resize.
Tensor resize_and_center_crop(const Tensor& images, int64_t height, int64_t width);

}  // namespace weft::datasets
