// autograd/fold.h: windows of images as recorded functions: unfold (im2col) and fold (col2im)
#pragma once
#include "autograd/variable.h"
#include "tensor/fold.h"

namespace weft {

/// See tensor/fold.h; each is the other's derivative.
Variable sliding_windows(const Variable& x, const Shape& kernel, const Window2d& window);
Variable overlap_add(const Variable& windows, const Shape& image, const Window2d& window);

/// Each window as a column.  x [n, c, h, w], float, kernel {kh, kw} -> [n, c kh kw, oh ow], rows in the order (c, p,
/// q). Throws: not 4 axes, not a float, geometries that window_positions refuses.
Variable unfold(const Variable& x, const Shape& kernel, const Window2d& window = {});

/// The adjoint of unfold: columns [n, c kh kw, oh ow] summed onto an image -> [n, c, h, w]; `image` is {h, w}.
/// Throws: not 3 axes, rows that are no multiple of kh kw, columns that are not the number of windows.
Variable fold(const Variable& columns, const Shape& image, const Shape& kernel, const Window2d& window = {});

}  // namespace weft
