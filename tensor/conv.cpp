// tensor/conv.cpp: convolution and its two adjoints
#include "tensor/conv.h"

#include <algorithm>

#include "tensor/checks.h"
#include "tensor/create.h"
#include "tensor/window.h"

namespace weft {
namespace {

void check_pair(std::string_view op, std::string_view name_a, const Tensor& a, std::string_view name_b, const Tensor& b,
                int64_t rank = 4) {
  check_same_device(op, a, b);
  check_floating(op, a);
  check_floating(op, b);
  check_same_dtype(op, a, b);
  check_rank(op, name_a, a, rank);
  check_rank(op, name_b, b, rank);
}

Shape plane_of(const Tensor& x) { return {x.size(2), x.size(3)}; }

/// dy has the shape that conv2d gives for this image, kernel and window.
void check_output_plane(std::string_view op, const Tensor& dy, const Shape& image, const Shape& kernel,
                        const Window2d& window) {
  const Shape expected = window_positions(op, image, kernel, window);
  if (plane_of(dy) != expected) {
    fail(op, "dy is {}, but an image {} and a kernel {} give planes of {}", dy.describe(), to_string(image),
         to_string(kernel), to_string(expected));
  }
}

/// `outputs` is the tensor whose axis `axis` counts output channels.
void check_groups(std::string_view op, std::string_view name, const Tensor& outputs, int64_t axis, int64_t groups) {
  if (groups < 1) fail(op, "groups is {}, and must be 1 or more", groups);
  if (outputs.size(axis) % groups != 0) {
    fail(op, "{} output channels cannot be cut into {} groups: {} is {}", outputs.size(axis), groups, name,
         outputs.describe());
  }
}

int64_t input_channels(std::string_view op, const Tensor& weight, int64_t groups) {
  int64_t channels = 0;
  if (__builtin_mul_overflow(weight.size(1), groups, &channels)) {
    fail(op, "{} groups of {} input channels are more than 2^63 - 1: weight is {}", groups, weight.size(1),
         weight.describe());
  }
  return channels;
}

/// c / groups * groups = c, without overflow.
bool is_share(int64_t share, int64_t channels, int64_t groups) {
  return channels % groups == 0 && channels / groups == share;
}

}  // namespace

void check_convolution(std::string_view op, const Tensor& x, const Tensor& weight, int64_t rank, int64_t groups) {
  check_pair(op, "x", x, "weight", weight, rank);
  check_groups(op, "weight", weight, 0, groups);
  if (is_share(weight.size(1), x.size(1), groups)) return;
  fail(op, "channels differ: x is {}, weight is {}, groups is {}; hint: weight is [out, in / groups, {}]", x.describe(),
       weight.describe(), groups, rank == 3 ? "width" : "height, width");
}

void check_bias(std::string_view op, const Tensor& weight, int64_t outputs, const Tensor& bias) {
  if (!bias.defined()) return;
  if (bias.shape() == Shape{outputs} && bias.dtype() == weight.dtype() && bias.device() == weight.device()) return;
  fail(op, "bias does not fit: bias is {}, weight is {}; hint: bias is [{}], of the same dtype and device",
       bias.describe(), weight.describe(), outputs);
}

Shape conv_transpose_size(std::string_view op, const Tensor& x, const Tensor& weight, int64_t rank,
                          const Window2d& window, const Shape& output_padding, int64_t groups) {
  check_pair(op, "x", x, "weight", weight, rank);
  if (groups < 1 || weight.size(0) % groups != 0) {
    fail(op, "{} input channels cannot be cut into {} groups: weight is {}", weight.size(0), groups, weight.describe());
  }
  if (x.size(1) != weight.size(0)) {
    fail(op, "channels differ: x is {}, weight is {}; hint: weight is [in, out / groups, {}]", x.describe(),
         weight.describe(), rank == 3 ? "width" : "height, width");
  }
  check_two_sizes(op, "output_padding", output_padding);
  const Shape image{rank == 3 ? 1 : x.size(2), x.size(-1)}, kernel{rank == 3 ? 1 : weight.size(2), weight.size(-1)};
  const Shape spans = window_span(op, kernel, window);
  Shape size;
  for (int axis = 0; axis < 2; ++axis) {
    const int64_t added = output_padding[axis];
    if (added < 0 || added >= std::max(window.stride[axis], window.dilation[axis])) {
      fail(op, "output_padding {} must be 0 or more, and smaller than stride [{}, {}] or dilation [{}, {}]",
           to_string(output_padding), window.stride[0], window.stride[1], window.dilation[0], window.dilation[1]);
    }
    const __int128 wide = static_cast<__int128>(image[axis] - 1) * window.stride[axis] -
                          static_cast<__int128>(window.padding[axis]) * 2 + spans[axis] + added;
    constexpr int64_t kLargest = int64_t{1} << 62;
    if (image[axis] < 1 || wide < 1 || wide > kLargest) {
      fail(op,
           "an image {} and a kernel {} with stride [{}, {}] and padding [{}, {}] give no image of 1 to 2^62 pixels",
           to_string(image), to_string(kernel), window.stride[0], window.stride[1], window.padding[0],
           window.padding[1]);
    }
    size.push_back(static_cast<int64_t>(wide));
  }
  window_positions(op, size, kernel, window);
  return size;
}

Tensor conv2d(const Tensor& x, const Tensor& weight, const Window2d& window, int64_t groups) {
  check_convolution("conv2d", x, weight, 4, groups);
  const Shape plane = window_positions("conv2d", plane_of(x), plane_of(weight), window);
  const Shape shape{x.size(0), weight.size(0), plane[0], plane[1]};
  const TensorOptions options{.dtype = x.dtype(), .device = x.device()};
  if (x.numel() == 0 || weight.numel() == 0) return zeros(shape, options);
  Tensor y = empty(shape, options);
  y.backend().conv2d(x, weight, y, window, groups);
  return y;
}

Tensor conv2d_input_gradient(const Tensor& dy, const Tensor& weight, const Shape& input_size, const Window2d& window,
                             int64_t groups) {
  constexpr std::string_view op = "conv2d_input_gradient";
  check_pair(op, "dy", dy, "weight", weight);
  check_two_sizes(op, "input_size", input_size);
  check_groups(op, "weight", weight, 0, groups);
  if (dy.size(1) != weight.size(0)) {
    fail(op, "channels differ: dy is {}, weight is {}", dy.describe(), weight.describe());
  }
  check_output_plane(op, dy, input_size, plane_of(weight), window);
  const Shape shape{dy.size(0), input_channels(op, weight, groups), input_size[0], input_size[1]};
  const TensorOptions options{.dtype = dy.dtype(), .device = dy.device()};
  if (dy.numel() == 0 || weight.numel() == 0) return zeros(shape, options);
  Tensor dx = empty(shape, options);
  if (dx.numel() > 0) dx.backend().conv2d_input_gradient(dy, weight, dx, window, groups);
  return dx;
}

Tensor conv2d_weight_gradient(const Tensor& x, const Tensor& dy, const Shape& kernel_size, const Window2d& window,
                              int64_t groups) {
  constexpr std::string_view op = "conv2d_weight_gradient";
  check_pair(op, "x", x, "dy", dy);
  check_two_sizes(op, "kernel_size", kernel_size);
  check_groups(op, "dy", dy, 1, groups);
  if (x.size(1) % groups != 0) {
    fail(op, "{} input channels cannot be cut into {} groups: x is {}", x.size(1), groups, x.describe());
  }
  if (x.size(0) != dy.size(0)) fail(op, "batches differ: x is {}, dy is {}", x.describe(), dy.describe());
  check_output_plane(op, dy, plane_of(x), kernel_size, window);
  const Shape shape{dy.size(1), x.size(1) / groups, kernel_size[0], kernel_size[1]};
  const TensorOptions options{.dtype = x.dtype(), .device = x.device()};
  if (x.numel() == 0 || dy.numel() == 0) return zeros(shape, options);
  Tensor dw = empty(shape, options);
  dw.backend().conv2d_weight_gradient(x, dy, dw, window, groups);
  return dw;
}

}  // namespace weft
