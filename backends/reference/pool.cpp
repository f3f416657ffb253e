// backends/reference/pool.cpp: the largest value of every window, and where it was
#include "backends/reference/elements.h"
#include "backends/reference/reference_backend.h"

namespace weft {

namespace {

// Position row * width + column of the largest element of plane (n, c) inside the window at (top, left); of equals the
// first, and a NaN beats every number. The part of the window that lies in the padding never wins.
template <class T>
int64_t largest_position(const Elements<T>& x, const Tensor& image, int64_t n, int64_t c, int64_t top, int64_t left,
                         int64_t kernel_h, int64_t kernel_w, const Window2d& window) {
  const int64_t height = image.size(2), width = image.size(3);
  int64_t best_row = -1, best_column = -1;
  for (int64_t p = 0; p < kernel_h; ++p)
    for (int64_t q = 0; q < kernel_w; ++q) {
      const int64_t row = top + p * window.dilation[0], column = left + q * window.dilation[1];
      if (row < 0 || row >= height || column < 0 || column >= width) continue;
      const T value = x(n, c, row, column);
      const T best = best_row < 0 ? value : x(n, c, best_row, best_column);
      const bool is_first = best_row < 0, is_first_nan = value != value && best == best;
      if (is_first || is_first_nan || value > best) best_row = row, best_column = column;
    }
  return best_row * width + best_column;
}

}  // namespace

// y[n, c, i, j] = max over p, q of x[n, c, i stride_h + p dil_h - pad_h, j stride_w + q dil_w - pad_w]
void ReferenceBackend::max_pool2d(const Tensor& x, int64_t kernel_h, int64_t kernel_w, const Window2d& window,
                                  const Tensor& y, const Tensor& indices) {
  const int64_t width = x.size(3);
  visit_floating(y.dtype(), [&]<class T>(TypeTag<T>) {
    const Elements<T> x_(x), y_(y);
    const Elements<int64_t> indices_(indices);
    for (int64_t n = 0; n < y.size(0); ++n)
      for (int64_t c = 0; c < y.size(1); ++c)
        for (int64_t i = 0; i < y.size(2); ++i)
          for (int64_t j = 0; j < y.size(3); ++j) {
            const int64_t top = i * window.stride[0] - window.padding[0];
            const int64_t left = j * window.stride[1] - window.padding[1];
            const int64_t position = largest_position(x_, x, n, c, top, left, kernel_h, kernel_w, window);
            indices_(n, c, i, j) = position;
            y_(n, c, i, j) = x_(n, c, position / width, position % width);
          }
  });
}

}  // namespace weft
