// autograd/pool.h: pooling that records its derivative; kernels are {height, width} or, in 1d, one number
#pragma once
#include "autograd/variable.h"
#include "tensor/pool.h"

namespace weft {

// A window's stride is 1 unless it says otherwise, here as in convolution; in PyTorch's pooling functions, and in the
// layers of nn/pool.h, it is the kernel's size.

/// Values only; the gradient goes to the maximum of each window (to the first of equals).
Variable max_pool2d(const Variable& x, int64_t kernel_h, int64_t kernel_w, const Window2d& window,
                    CeilMode ceil_mode = CeilMode::no);
/// The same along one axis: x [n, c, l] -> [n, c, ol].
Variable max_pool1d(const Variable& x, int64_t kernel, const Window1d& window, CeilMode ceil_mode = CeilMode::no);

struct AvgPoolOptions {
  CeilMode ceil_mode = CeilMode::no;
  bool count_include_pad = true;  ///< zeros of the padding count as pixels; those beyond it (ceil_mode) never do
  int64_t divisor_override = 0;   ///< divides every window's sum, when not 0
};

/// Mean of each kernel_h x kernel_w window.  x [n, c, h, w], float -> [n, c, oh, ow], sizes as max_pool2d.
/// Throws: as max_pool2d, and a negative divisor_override.
Variable avg_pool2d(const Variable& x, int64_t kernel_h, int64_t kernel_w, const Window2d& window,
                    const AvgPoolOptions& options = {});
/// The same along one axis: x [n, c, l] -> [n, c, ol].
Variable avg_pool1d(const Variable& x, int64_t kernel, const Window1d& window, const AvgPoolOptions& options = {});

/// Mean or largest value of output_h x output_w windows that cover x [n, c, h, w], float -> [n, c, output_h, output_w].
/// Row i of the result takes the rows floor(i h / output_h) .. ceil((i + 1) h / output_h) - 1, and columns alike.
/// The gradient of max goes to the first of equals.  Throws: not 4 axes, an empty image, an output size below 1.
Variable adaptive_avg_pool2d(const Variable& x, int64_t output_h, int64_t output_w);
Variable adaptive_max_pool2d(const Variable& x, int64_t output_h, int64_t output_w);
/// The same along one axis: x [n, c, l] -> [n, c, output].
Variable adaptive_avg_pool1d(const Variable& x, int64_t output);
Variable adaptive_max_pool1d(const Variable& x, int64_t output);

}  // namespace weft
