// autograd/fold.cpp: windows of images; both recorded functions are linear, and each is the other's adjoint
//
//   y = sliding_windows(x)     dx = overlap_add(dy)
//   y = overlap_add(x)         dx = sliding_windows(dy)
#include "autograd/fold.h"

#include "autograd/node.h"
#include "autograd/view.h"
#include "tensor/checks.h"
#include "tensor/window.h"

namespace weft {

Variable sliding_windows(const Variable& x, const Shape& kernel, const Window2d& window) {
  const Tensor y = sliding_windows(x.value(), kernel, window);
  return record("sliding_windows", {x}, y, Saves::nothing(), [window](Node& n, const Variable& dy) {
    const Shape& image = n.input_shape(0);
    n.add_grad(0, overlap_add(dy, {image[2], image[3]}, window));
  });
}

Variable overlap_add(const Variable& windows, const Shape& image, const Window2d& window) {
  const Tensor y = overlap_add(windows.value(), image, window);
  return record("overlap_add", {windows}, y, Saves::nothing(), [window](Node& n, const Variable& dy) {
    const Shape& shape = n.input_shape(0);
    n.add_grad(0, sliding_windows(dy, {shape[4], shape[5]}, window));
  });
}

Variable unfold(const Variable& x, const Shape& kernel, const Window2d& window) {
  check_rank("unfold", "x", x.value(), 4);
  check_floating("unfold", x.value());
  check_two_sizes("unfold", "kernel", kernel);
  const Shape positions = window_positions("unfold", {x.size(2), x.size(3)}, kernel, window);
  const Variable windows = permute(sliding_windows(x, kernel, window), {0, 1, 4, 5, 2, 3});
  return reshape(windows, {x.size(0), x.size(1) * kernel[0] * kernel[1], positions[0] * positions[1]});
}

Variable fold(const Variable& columns, const Shape& image, const Shape& kernel, const Window2d& window) {
  check_rank("fold", "columns", columns.value(), 3);
  check_floating("fold", columns.value());
  check_two_sizes("fold", "image", image);
  check_two_sizes("fold", "kernel", kernel);
  const Shape positions = window_positions("fold", image, kernel, window);
  const int64_t taps = numel_of(kernel), count = numel_of(positions);
  if (columns.size(1) % taps != 0 || columns.size(2) != count) {
    fail("fold", "columns is {}, and must be [n, c {}, {}]: an image {} has {} windows of {}",
         columns.value().describe(), taps, count, to_string(image), count, to_string(kernel));
  }
  const Variable windows =
      reshape(columns, {columns.size(0), columns.size(1) / taps, kernel[0], kernel[1], positions[0], positions[1]});
  return overlap_add(permute(windows, {0, 1, 4, 5, 2, 3}), image, window);
}

}  // namespace weft
