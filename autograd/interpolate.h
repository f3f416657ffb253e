// autograd/interpolate.h: images and sequences at another size
#pragma once
#include <vector>

#include "autograd/variable.h"

namespace weft {

enum class Interpolation : uint8_t { nearest, linear, bilinear };

/// Either the new size or a factor is given: one number an axis, or one for all axes.
struct InterpolateOptions {
  Shape size = {};
  std::vector<double> scale_factor = {};  ///< the new size is floor(size * factor)
  Interpolation mode = Interpolation::nearest;
  /// linear and bilinear: the centres of the corner pixels stay where they are, instead of the corners of the image.
  bool align_corners = false;
};

/// x [n, c, l] (nearest, linear) or [n, c, h, w] (nearest, bilinear), float -> the same with new last axes.
/// With s = 1 / factor, or size / new size where the size was given, element i of an axis is
///   nearest:       x[floor(i s)]
///   linear:        (1 - t) x[floor(u)] + t x[floor(u) + 1],   u = max((i + 1/2) s - 1/2, 0),   t = u - floor(u)
///   align_corners: u = i (size - 1) / (new size - 1)
/// Throws: other ranks, size and factor both or neither given, a mode that does not fit the rank, sizes below 1.
Variable interpolate(const Variable& x, const InterpolateOptions& options);

}  // namespace weft
