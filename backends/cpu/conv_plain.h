// backends/cpu/conv_plain.h: convolution without a zero border, for operands that the fast kernels cannot take
//
// The fast kernels multiply the zeros around an image, or between its spread-out pixels: with an infinity or NaN on the
// other side that gives NaN where there is nothing to multiply. And a border far wider than the image costs memory.
// They also compute 16 channels at a time, which a group of one or two would leave idle (depthwise convolution).
#pragma once
#include "backends/cpu/conv_frame.h"
#include "tensor/backend.h"

namespace weft::cpu_kernels {

/// Whether the fast kernels may be used: `other`, which meets the frame's zeros, is finite, and the frame of one image
/// of `source` is of sensible size.
bool frame_suits(const Frame& frame, const Tensor& source, const Tensor& other);

enum class ConvRole : uint8_t { forward, input_gradient, weight_gradient };

/// Whether groups are so narrow that convolve_plain is faster. `lanes` is the number of channels that the fast kernel
/// would compute side by side in one group.
bool is_narrow(int64_t lanes, int64_t groups);

/// Writes y (forward), x (input gradient) or weight (weight gradient) from the other two.
void convolve_plain(ConvRole role, const Tensor& x, const Tensor& weight, const Tensor& y, const Window2d& window,
                    int64_t groups);

}  // namespace weft::cpu_kernels
