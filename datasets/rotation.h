// datasets/rotation.h: images turned about their middle
#pragma once
#include <vector>

#include "tensor/random.h"
#include "tensor/tensor.h"

namespace weft::datasets {

enum class InterpolationMode : uint8_t { nearest, bilinear };

/// Image n is turned counter-clockwise by degrees[n]; zeros come in at the corners. Pixel (y, x), counted from the
/// middle, is taken from (x sin t + y cos t, x cos t - y sin t).  images: floats [n, c, h, w].
/// Throws: not floats, not one angle an image, an angle that is not finite.
Tensor rotate(const Tensor& images, const std::vector<double>& degrees,
              InterpolationMode interpolation = InterpolationMode::nearest);

/// By angles from U[-degrees, degrees).  Throws: as above, degrees < 0.
Tensor random_rotation(const Tensor& images, double degrees, RandomStream& augment,
                       InterpolationMode interpolation = InterpolationMode::nearest);

}  // namespace weft::datasets
