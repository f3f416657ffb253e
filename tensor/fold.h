// tensor/fold.h: all windows of an image side by side, and their sum back onto the image
#pragma once
#include "tensor/backend.h"
#include "tensor/tensor.h"

namespace weft {

/// y[n, c, i, j, p, q] = x[n, c, i stride_h + p dil_h - pad_h, j stride_w + q dil_w - pad_w], 0 in the padding.
/// x [n, c, h, w], float -> y [n, c, oh, ow, kh, kw]; `kernel` is {kh, kw}. A view of x where there is no padding, else
/// of a padded copy.  Throws: not 4 axes, not a float, geometries that window_positions refuses.
Tensor sliding_windows(const Tensor& x, const Shape& kernel, const Window2d& window);

/// The adjoint of sliding_windows: each element of windows [n, c, oh, ow, kh, kw] is added to the pixel it was taken
/// from; the padding is cut off.  -> [n, c, h, w]; `image` is {h, w}.
/// Throws: not 6 axes, not a float, windows that an image of this size does not have.
Tensor overlap_add(const Tensor& windows, const Shape& image, const Window2d& window);

}  // namespace weft
