// tensor/window.h: how many places a window has in an image, shared by convolution and pooling
#pragma once
#include <string_view>

#include "tensor/backend.h"

namespace weft {

/// Throws: `size` has not two entries.
void check_two_sizes(std::string_view op, std::string_view name, const Shape& size);

/// Pixels that a kernel spans: dilation (kernel - 1) + 1, {height, width}.
/// Throws: stride, dilation or kernel below 1, negative padding, a span beyond 2^62.
Shape window_span(std::string_view op, const Shape& kernel, const Window2d& window);

/// {oh, ow} with oh = (h + 2 pad_h - dilation_h (kernel_h - 1) - 1) / stride_h + 1.  `image` and `kernel` are {height,
/// width}. Throws: stride, dilation or kernel below 1, negative padding, a kernel larger than the padded image, a
/// padded image of more than 2^62 elements.
Shape window_positions(std::string_view op, const Shape& image, const Shape& kernel, const Window2d& window);

/// Pooling may also use the pixels that are left over when strides do not fill the image.
enum class CeilMode : bool { no, yes };

/// window_positions for pooling; under CeilMode::yes the division by the stride rounds up, but no window starts beyond
/// the image and the padding before it.
/// Throws: as window_positions, and padding over half the kernel, since a window could lie in the padding alone.
Shape pool_positions(std::string_view op, const Shape& image, const Shape& kernel, const Window2d& window,
                     CeilMode ceil_mode);

}  // namespace weft
