// datasets/check_images.h: what all transforms ask of their arguments
#pragma once
#include "tensor/tensor.h"

namespace weft::datasets {

inline void check_images(std::string_view op, const Tensor& images) {
  if (images.rank() != 4) fail(op, "images must be [n, c, h, w], got {}", images.describe());
}

inline void check_floating_images(std::string_view op, const Tensor& images) {
  check_images(op, images);
  if (!is_floating(images.dtype()))
    fail(op, "images must be floats, got {}; hint: to_float makes them so", images.describe());
}

inline void check_probability(std::string_view op, double p) {
  if (!(p >= 0 && p <= 1)) fail(op, "p {} is not 0 to 1", p);
}

}  // namespace weft::datasets
