// tensor/conv.cpp: convolution and its two adjoints
#include "tensor/conv.h"

#include "tensor/checks.h"
#include "tensor/create.h"
#include "tensor/window.h"

namespace weft {
namespace {

void check_pair(std::string_view op, std::string_view name_a, const Tensor& a, std::string_view name_b,
                const Tensor& b) {
  check_same_device(op, a, b);
  check_floating(op, a);
  check_floating(op, b);
  check_same_dtype(op, a, b);
  check_rank(op, name_a, a, 4);
  check_rank(op, name_b, b, 4);
}

Shape plane_of(const Tensor& x) { return {x.size(2), x.size(3)}; }

void check_two_sizes(std::string_view op, std::string_view name, const Shape& size) {
  if (size.size() != 2) fail(op, "{} is {}, and must be {{height, width}}", name, to_string(size));
}

/// dy has the shape that conv2d gives for this image, kernel and window.
void check_output_plane(std::string_view op, const Tensor& dy, const Shape& image, const Shape& kernel,
                        const Window2d& window) {
  const Shape expected = window_positions(op, image, kernel, window);
  if (plane_of(dy) != expected) {
    fail(op, "dy is {}, but an image {} and a kernel {} give planes of {}", dy.describe(), to_string(image),
         to_string(kernel), to_string(expected));
  }
}

}  // namespace

Tensor conv2d(const Tensor& x, const Tensor& weight, const Window2d& window) {
  check_pair("conv2d", "x", x, "weight", weight);
  if (x.size(1) != weight.size(1)) {
    fail("conv2d", "channels differ: x is {}, weight is {}; hint: weight is [out, in, height, width]", x.describe(),
         weight.describe());
  }
  const Shape plane = window_positions("conv2d", plane_of(x), plane_of(weight), window);
  const Shape shape{x.size(0), weight.size(0), plane[0], plane[1]};
  const TensorOptions options{.dtype = x.dtype(), .device = x.device()};
  if (x.numel() == 0 || weight.numel() == 0) return zeros(shape, options);
  Tensor y = empty(shape, options);
  y.backend().conv2d(x, weight, y, window);
  return y;
}

Tensor conv2d_input_gradient(const Tensor& dy, const Tensor& weight, const Shape& input_size, const Window2d& window) {
  constexpr std::string_view op = "conv2d_input_gradient";
  check_pair(op, "dy", dy, "weight", weight);
  check_two_sizes(op, "input_size", input_size);
  if (dy.size(1) != weight.size(0)) {
    fail(op, "channels differ: dy is {}, weight is {}", dy.describe(), weight.describe());
  }
  check_output_plane(op, dy, input_size, plane_of(weight), window);
  const Shape shape{dy.size(0), weight.size(1), input_size[0], input_size[1]};
  const TensorOptions options{.dtype = dy.dtype(), .device = dy.device()};
  if (dy.numel() == 0 || weight.numel() == 0) return zeros(shape, options);
  Tensor dx = empty(shape, options);
  if (dx.numel() > 0) dx.backend().conv2d_input_gradient(dy, weight, dx, window);
  return dx;
}

Tensor conv2d_weight_gradient(const Tensor& x, const Tensor& dy, const Shape& kernel_size, const Window2d& window) {
  constexpr std::string_view op = "conv2d_weight_gradient";
  check_pair(op, "x", x, "dy", dy);
  check_two_sizes(op, "kernel_size", kernel_size);
  if (x.size(0) != dy.size(0)) fail(op, "batches differ: x is {}, dy is {}", x.describe(), dy.describe());
  check_output_plane(op, dy, plane_of(x), kernel_size, window);
  const Shape shape{dy.size(1), x.size(1), kernel_size[0], kernel_size[1]};
  const TensorOptions options{.dtype = x.dtype(), .device = x.device()};
  if (x.numel() == 0 || dy.numel() == 0) return zeros(shape, options);
  Tensor dw = empty(shape, options);
  dw.backend().conv2d_weight_gradient(x, dy, dw, window);
  return dw;
}

}  // namespace weft
