// tensor/window.cpp: how many places a window has in an image
#include "tensor/window.h"

#include <algorithm>

namespace weft {

namespace {

/// Far beyond any memory; up to here, no position and no number of elements overflows.
constexpr int64_t kLargestPlane = int64_t{1} << 62;

/// image + 2 padding.
int64_t padded_size(std::string_view op, const Shape& image, const Window2d& window, int axis) {
  const int64_t padding = window.padding[axis];
  if (image[axis] < 0) fail(op, "the image is {}, and no size may be negative", to_string(image));
  if (image[axis] > kLargestPlane || padding > (kLargestPlane - image[axis]) / 2) {
    fail(op, "the image {} with padding [{}, {}] has more than 2^62 elements", to_string(image), window.padding[0],
         window.padding[1]);
  }
  return image[axis] + 2 * padding;
}

int64_t span(std::string_view op, const Shape& kernel, const Window2d& window, int axis) {
  const int64_t dilation = window.dilation[axis];
  if (window.stride[axis] < 1)
    fail(op, "stride is [{}, {}], and must be 1 or more", window.stride[0], window.stride[1]);
  if (window.padding[axis] < 0) {
    fail(op, "padding is [{}, {}], and must be 0 or more", window.padding[0], window.padding[1]);
  }
  if (dilation < 1) fail(op, "dilation is [{}, {}], and must be 1 or more", window.dilation[0], window.dilation[1]);
  if (kernel[axis] < 1) fail(op, "the kernel is {}, and must be at least [1, 1]", to_string(kernel));
  if (kernel[axis] - 1 > (kLargestPlane - 1) / dilation) {
    fail(op, "the kernel {} with dilation [{}, {}] spans more than 2^62 elements", to_string(kernel),
         window.dilation[0], window.dilation[1]);
  }
  return dilation * (kernel[axis] - 1) + 1;
}

}  // namespace

void check_two_sizes(std::string_view op, std::string_view name, const Shape& size) {
  if (size.size() != 2) fail(op, "{} is {}, and must be {{height, width}}", name, to_string(size));
}

Shape window_span(std::string_view op, const Shape& kernel, const Window2d& window) {
  return {span(op, kernel, window, 0), span(op, kernel, window, 1)};
}

namespace {

Shape positions_with_spare(std::string_view op, const Shape& image, const Shape& kernel, const Window2d& window,
                           CeilMode ceil_mode) {
  const Shape spans = window_span(op, kernel, window);
  const Shape padded{padded_size(op, image, window, 0), padded_size(op, image, window, 1)};
  Shape positions;
  for (int axis = 0; axis < 2; ++axis) {
    const int64_t stride = window.stride[axis];
    const int64_t spare = ceil_mode == CeilMode::yes ? std::min(stride - 1, kLargestPlane / 2) : 0;
    if (spans[axis] > padded[axis] + spare) {
      const std::string spanning = spans == kernel ? "" : ", which spans " + to_string(spans) + ",";
      fail(op, "the kernel {}{} is larger than the image {} with padding [{}, {}]", to_string(kernel), spanning,
           to_string(image), window.padding[0], window.padding[1]);
    }
    positions.push_back((padded[axis] + spare - spans[axis]) / stride + 1);
  }
  if (padded[1] > 0 && padded[0] > kLargestPlane / padded[1]) {
    fail(op, "the image {} with padding [{}, {}] has more than 2^62 elements", to_string(image), window.padding[0],
         window.padding[1]);
  }
  return positions;
}

}  // namespace

Shape window_positions(std::string_view op, const Shape& image, const Shape& kernel, const Window2d& window) {
  return positions_with_spare(op, image, kernel, window, CeilMode::no);
}

Shape pool_positions(std::string_view op, const Shape& image, const Shape& kernel, const Window2d& window,
                     CeilMode ceil_mode) {
  Shape positions = positions_with_spare(op, image, kernel, window, ceil_mode);
  for (int axis = 0; axis < 2; ++axis) {
    // The second: a kernel of two, one tap before the image and one behind it.
    if (window.padding[axis] > kernel[axis] / 2 || (window.padding[axis] > 0 && window.dilation[axis] > image[axis])) {
      fail(op,
           "padding [{}, {}] is over half the kernel {}, or the dilation [{}, {}] steps over the whole image {}; hint: "
           "some window would lie in the padding alone",
           window.padding[0], window.padding[1], to_string(kernel), window.dilation[0], window.dilation[1],
           to_string(image));
    }
    const int64_t beyond = image[axis] + window.padding[axis], stride = window.stride[axis];
    const int64_t starts = beyond / stride + (beyond % stride > 0 ? 1 : 0);  // before `beyond`
    if (ceil_mode == CeilMode::yes && starts < positions[axis]) --positions[axis];
  }
  return positions;
}

}  // namespace weft
