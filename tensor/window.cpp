// tensor/window.cpp: how many places a window has in an image
#include "tensor/window.h"

namespace weft {

Shape window_positions(std::string_view op, const Shape& image, const Shape& kernel, const Window2d& window) {
  constexpr int64_t kLargestPadding = int64_t{1} << 40;  // far beyond any image, far below overflow
  Shape positions;
  for (int axis = 0; axis < 2; ++axis) {
    const int64_t stride = window.stride[axis], padding = window.padding[axis];
    if (stride < 1) fail(op, "stride is [{}, {}], and must be 1 or more", window.stride[0], window.stride[1]);
    if (padding < 0 || padding > kLargestPadding) {
      fail(op, "padding is [{}, {}], and must be 0 or more", window.padding[0], window.padding[1]);
    }
    if (kernel[axis] < 1) fail(op, "the kernel is {}, and must be at least [1, 1]", to_string(kernel));
    const int64_t padded = image[axis] + 2 * padding;
    if (kernel[axis] > padded) {
      fail(op, "the kernel {} is larger than the image {} with padding [{}, {}]", to_string(kernel), to_string(image),
           window.padding[0], window.padding[1]);
    }
    positions.push_back((padded - kernel[axis]) / stride + 1);
  }
  return positions;
}

}  // namespace weft
