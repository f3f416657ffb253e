// nn/conv.cpp: convolution layers
#include "nn/conv.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "autograd/conv.h"
#include "autograd/pad.h"
#include "autograd/view.h"
#include "nn/init.h"
#include "nn/per_sample.h"
#include "tensor/create.h"

namespace weft::nn {
namespace {

struct Sizes {
  int64_t in_channels, out_channels;
  Pair kernel_size, stride, padding, dilation;
  int64_t groups;
  int64_t output_padding = 0;  ///< the smallest
};

void check_conv_sizes(std::string_view kind, const Sizes& s) {
  const int64_t smallest = std::min(
      {s.in_channels, s.out_channels, s.kernel_size.smallest(), s.stride.smallest(), s.dilation.smallest(), s.groups});
  if (smallest < 1 || s.padding.smallest() < 0 || s.output_padding < 0) {
    fail(kind,
         "in_channels is {}, out_channels {}, kernel_size {}, stride {}, padding {}, dilation {}, groups {}, output "
         "padding {}; hint: paddings are at least 0, the others at least 1",
         s.in_channels, s.out_channels, to_string(s.kernel_size.shape()), to_string(s.stride.shape()),
         to_string(s.padding.shape()), to_string(s.dilation.shape()), s.groups, s.output_padding);
  }
  if (s.in_channels % s.groups != 0 || s.out_channels % s.groups != 0) {
    fail(kind, "in_channels {} and out_channels {} cannot be cut into {} groups", s.in_channels, s.out_channels,
         s.groups);
  }
}

/// The parameters, drawn: weight of `shape`, bias of `outputs`.
void make_parameters(const Shape& shape, int64_t outputs, Bias with_bias, RandomStream& init, Parameter& weight,
                     Parameter& bias) {
  const double fan_in = static_cast<double>(numel_of(shape) / shape[0]), bound = 1 / std::sqrt(fan_in);
  weight = Parameter(empty(shape));
  init::uniform_(weight.value(), init, -bound, bound);
  if (with_bias == Bias::no) return;
  bias = Parameter(empty({outputs}));
  init::uniform_(bias.value(), init, -bound, bound);
}

/// Padding of one axis: at both ends, and how much more than that at the second.
struct Ends {
  int64_t both, more;
};

Ends resolve_padding(std::string_view kind, int64_t padding, int64_t kernel_size, int64_t stride, int64_t dilation) {
  if (padding != kSame) return {padding, 0};
  if (stride != 1) fail(kind, "padding kSame needs stride 1: stride is {}", stride);
  const int64_t total = dilation * (kernel_size - 1);
  return {total / 2, total % 2};
}

/// The border of these axes. What the convolution pads itself stays in `both`, which is 0 where the border does it.
Border border_of(const std::optional<PadMode>& mode, std::initializer_list<Ends*> axes) {
  Border border{{}, mode};
  for (Ends* ends : axes) {
    const int64_t before = mode ? std::exchange(ends->both, 0) : 0;
    border.sides.push_back({before, before + ends->more});
  }
  return border;
}

}  // namespace

Variable Border::around(const Variable& x) const {
  const bool nothing =
      std::all_of(sides.begin(), sides.end(), [](const Padding& side) { return side.before == 0 && side.after == 0; });
  if (nothing) return x;
  return mode ? pad(x, sides, *mode) : pad(x, sides);
}

Conv2d::Conv2d(int64_t in_channels, int64_t out_channels, Conv2dOptions options, RandomStream& init)
    : groups_(options.groups) {
  const Pair kernel = options.kernel_size, stride = options.stride, dilation = options.dilation;
  Ends rows = resolve_padding("Conv2d", options.padding.h, kernel.h, stride.h, dilation.h);
  Ends columns = resolve_padding("Conv2d", options.padding.w, kernel.w, stride.w, dilation.w);
  check_conv_sizes("Conv2d", {in_channels, out_channels, kernel, stride, {rows.both, columns.both}, dilation, groups_});
  border_ = border_of(options.padding_mode, {&rows, &columns});
  window = {{stride.h, stride.w}, {rows.both, columns.both}, {dilation.h, dilation.w}};
  make_parameters({out_channels, in_channels / groups_, kernel.h, kernel.w}, out_channels, options.bias, init, weight,
                  bias);
  register_parameter("weight", weight);
  if (bias.defined()) register_parameter("bias", bias);
}

Variable Conv2d::operator()(const Variable& x) {
  const Variable padded = border_.around(x);
  if (is_per_sample(weight, 4) || is_per_sample(bias, 1))
    return conv2d_per_sample(padded, weight, bias, window, groups_);
  return conv2d(padded, weight, bias, window, groups_);
}

Conv1d::Conv1d(int64_t in_channels, int64_t out_channels, Conv1dOptions options, RandomStream& init)
    : groups_(options.groups) {
  const int64_t kernel = options.kernel_size, stride = options.stride, dilation = options.dilation;
  Ends ends = resolve_padding("Conv1d", options.padding, kernel, stride, dilation);
  check_conv_sizes("Conv1d", {in_channels, out_channels, kernel, stride, ends.both, dilation, groups_});
  border_ = border_of(options.padding_mode, {&ends});
  window = {stride, ends.both, dilation};
  make_parameters({out_channels, in_channels / groups_, kernel}, out_channels, options.bias, init, weight, bias);
  register_parameter("weight", weight);
  if (bias.defined()) register_parameter("bias", bias);
}

Variable Conv1d::operator()(const Variable& x) {
  const Variable padded = border_.around(x);
  if (is_per_sample(weight, 3) || is_per_sample(bias, 1))
    return conv1d_per_sample(padded, weight, bias, window, groups_);
  return conv1d(padded, weight, bias, window, groups_);
}

ConvTranspose2d::ConvTranspose2d(int64_t in_channels, int64_t out_channels, ConvTranspose2dOptions options,
                                 RandomStream& init)
    : options_(options) {
  check_conv_sizes("ConvTranspose2d", {in_channels, out_channels, options.kernel_size, options.stride, options.padding,
                                       options.dilation, options.groups, options.output_padding.smallest()});
  make_parameters({in_channels, out_channels / options.groups, options.kernel_size.h, options.kernel_size.w},
                  out_channels, options.bias, init, weight, bias);
  register_parameter("weight", weight);
  if (bias.defined()) register_parameter("bias", bias);
}

Variable ConvTranspose2d::operator()(const Variable& x) {
  const Window2d window{{options_.stride.h, options_.stride.w},
                        {options_.padding.h, options_.padding.w},
                        {options_.dilation.h, options_.dilation.w}};
  return conv_transpose2d(x, weight, bias, window, options_.output_padding.shape(), options_.groups);
}

ConvTranspose1d::ConvTranspose1d(int64_t in_channels, int64_t out_channels, ConvTranspose1dOptions options,
                                 RandomStream& init)
    : options_(options) {
  check_conv_sizes("ConvTranspose1d", {in_channels, out_channels, options.kernel_size, options.stride, options.padding,
                                       options.dilation, options.groups, options.output_padding});
  make_parameters({in_channels, out_channels / options.groups, options.kernel_size}, out_channels, options.bias, init,
                  weight, bias);
  register_parameter("weight", weight);
  if (bias.defined()) register_parameter("bias", bias);
}

Variable ConvTranspose1d::operator()(const Variable& x) {
  return conv_transpose1d(x, weight, bias, {options_.stride, options_.padding, options_.dilation},
                          options_.output_padding, options_.groups);
}

}  // namespace weft::nn
