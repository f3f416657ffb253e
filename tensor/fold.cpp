// tensor/fold.cpp: all windows of an image side by side, and their sum back onto the image
#include "tensor/fold.h"

#include "tensor/checks.h"
#include "tensor/create.h"
#include "tensor/pad.h"
#include "tensor/window.h"

namespace weft {
namespace {

/// The pixels that tap number `tap` of every window takes along `axis` of the padded image.
Tensor pixels_of_tap(const Tensor& padded, int axis, int64_t tap, int64_t positions, const Window2d& window) {
  const int64_t first = tap * window.dilation[axis], stride = window.stride[axis];
  return padded.slice(2 + axis, first, first + (positions - 1) * stride + 1, stride);
}

}  // namespace

Tensor sliding_windows(const Tensor& x, const Shape& kernel, const Window2d& window) {
  constexpr std::string_view op = "sliding_windows";
  check_rank(op, "x", x, 4);
  check_floating(op, x);
  check_two_sizes(op, "kernel", kernel);
  const Shape positions = window_positions(op, {x.size(2), x.size(3)}, kernel, window);
  if (x.size(0) == 0 || x.size(1) == 0) {
    return zeros({x.size(0), x.size(1), positions[0], positions[1], kernel[0], kernel[1]},
                 {.dtype = x.dtype(), .device = x.device()});
  }
  const int64_t ph = window.padding[0], pw = window.padding[1];
  const Tensor image = ph == 0 && pw == 0 ? x : pad(x, {{ph, ph}, {pw, pw}});
  const Strides& from = image.strides();
  Strides strides{from[0], from[1], 1, 1, 1, 1};  // a huge step over a single position must not overflow
  for (int axis = 0; axis < 2; ++axis) {
    if (positions[axis] > 1) strides[2 + axis] = from[2 + axis] * window.stride[axis];
    if (kernel[axis] > 1) strides[4 + axis] = from[2 + axis] * window.dilation[axis];
  }
  return image.as_strided({x.size(0), x.size(1), positions[0], positions[1], kernel[0], kernel[1]}, strides,
                          image.offset());
}

Tensor overlap_add(const Tensor& windows, const Shape& image, const Window2d& window) {
  constexpr std::string_view op = "overlap_add";
  check_rank(op, "windows", windows, 6);
  check_floating(op, windows);
  check_two_sizes(op, "image", image);
  const Shape &shape = windows.shape(), kernel{shape[4], shape[5]};
  const Shape positions = window_positions(op, image, kernel, window);
  if (positions != Shape{shape[2], shape[3]}) {
    fail(op, "windows is {}, but an image {} has {} windows of {}", windows.describe(), to_string(image),
         to_string(positions), to_string(kernel));
  }
  const int64_t ph = window.padding[0], pw = window.padding[1];
  const Tensor padded = zeros({shape[0], shape[1], image[0] + 2 * ph, image[1] + 2 * pw},
                              {.dtype = windows.dtype(), .device = windows.device()});
  if (windows.numel() > 0) {
    for (int64_t p = 0; p < kernel[0]; ++p) {
      const Tensor rows = pixels_of_tap(padded, 0, p, positions[0], window);
      for (int64_t q = 0; q < kernel[1]; ++q)
        pixels_of_tap(rows, 1, q, positions[1], window).add_(windows.select(5, q).select(4, p));
    }
  }
  return padded.slice(2, ph, ph + image[0]).slice(3, pw, pw + image[1]).contiguous();
}

}  // namespace weft
