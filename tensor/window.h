// tensor/window.h: how many places a window has in an image, shared by convolution and pooling
#pragma once
#include <string_view>

#include "tensor/backend.h"

namespace weft {

/// {oh, ow} with oh = (h + 2 pad_h - kernel_h) / stride_h + 1.  `image` and `kernel` are {height, width}.
/// Throws: stride or kernel below 1, negative padding, a kernel larger than the padded image, a padded image of more
/// than 2^62 elements.
Shape window_positions(std::string_view op, const Shape& image, const Shape& kernel, const Window2d& window);

}  // namespace weft
