// tensor/window.cpp: how many places a window has in an image
#include "tensor/window.h"

namespace weft {

namespace {

/// Far beyond any memory; up to here, no position and no number of elements overflows.
constexpr int64_t kLargestPlane = int64_t{1} << 62;

/// image + 2 padding.
int64_t padded_size(std::string_view op, const Shape& image, const Window2d& window, int axis) {
  const int64_t padding = window.padding[axis];
  if (padding < 0) fail(op, "padding is [{}, {}], and must be 0 or more", window.padding[0], window.padding[1]);
  if (image[axis] < 0) fail(op, "the image is {}, and no size may be negative", to_string(image));
  if (image[axis] > kLargestPlane || padding > (kLargestPlane - image[axis]) / 2) {
    fail(op, "the image {} with padding [{}, {}] has more than 2^62 elements", to_string(image), window.padding[0],
         window.padding[1]);
  }
  return image[axis] + 2 * padding;
}

}  // namespace

Shape window_positions(std::string_view op, const Shape& image, const Shape& kernel, const Window2d& window) {
  const Shape padded{padded_size(op, image, window, 0), padded_size(op, image, window, 1)};
  Shape positions;
  for (int axis = 0; axis < 2; ++axis) {
    const int64_t stride = window.stride[axis];
    if (stride < 1) fail(op, "stride is [{}, {}], and must be 1 or more", window.stride[0], window.stride[1]);
    if (kernel[axis] < 1) fail(op, "the kernel is {}, and must be at least [1, 1]", to_string(kernel));
    if (kernel[axis] > padded[axis]) {
      fail(op, "the kernel {} is larger than the image {} with padding [{}, {}]", to_string(kernel), to_string(image),
           window.padding[0], window.padding[1]);
    }
    positions.push_back((padded[axis] - kernel[axis]) / stride + 1);
  }
  if (padded[0] > kLargestPlane / padded[1]) {
    fail(op, "the image {} with padding [{}, {}] has more than 2^62 elements", to_string(image), window.padding[0],
         window.padding[1]);
  }
  return positions;
}

}  // namespace weft
