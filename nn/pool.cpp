// nn/pool.cpp: pooling and resizing layers
#include "nn/pool.h"

#include <algorithm>

namespace weft::nn {
namespace {

void check_pool_sizes(std::string_view kind, Pair kernel_size, Pair stride, Pair padding, Pair dilation) {
  const bool half = padding.h <= kernel_size.h / 2 && padding.w <= kernel_size.w / 2;
  const int64_t smallest = std::min(kernel_size.smallest(), dilation.smallest());
  if (half && smallest >= 1 && std::min(stride.smallest(), padding.smallest()) >= 0) return;
  fail(
      kind,
      "kernel_size is {}, stride {}, padding {}, dilation {}; hint: kernel_size and dilation are at least 1, stride at "
      "least 0 (0: kernel_size), padding at most half of kernel_size",
      to_string(kernel_size.shape()), to_string(stride.shape()), to_string(padding.shape()),
      to_string(dilation.shape()));
}

Window2d window_of(std::string_view kind, Pair kernel_size, Pair stride, Pair padding, Pair dilation) {
  check_pool_sizes(kind, kernel_size, stride, padding, dilation);
  return {{stride.h == 0 ? kernel_size.h : stride.h, stride.w == 0 ? kernel_size.w : stride.w},
          {padding.h, padding.w},
          {dilation.h, dilation.w}};
}

Window1d window_of(std::string_view kind, int64_t kernel_size, int64_t stride, int64_t padding, int64_t dilation) {
  check_pool_sizes(kind, kernel_size, stride, padding, dilation);
  return {stride == 0 ? kernel_size : stride, padding, dilation};
}

void check_output_size(std::string_view kind, Pair output_size) {
  if (output_size.smallest() < 1) {
    fail(kind, "output_size is {}, and must be at least 1", to_string(output_size.shape()));
  }
}

}  // namespace

MaxPool2d::MaxPool2d(Pair kernel_size, Pair stride, Pair padding, Pair dilation, CeilMode ceil_mode)
    : kernel_size_(kernel_size),
      window_(window_of("MaxPool2d", kernel_size, stride, padding, dilation)),
      ceil_mode_(ceil_mode) {}

Variable MaxPool2d::operator()(const Variable& x) {
  return max_pool2d(x, kernel_size_.h, kernel_size_.w, window_, ceil_mode_);
}

MaxPool1d::MaxPool1d(int64_t kernel_size, int64_t stride, int64_t padding, int64_t dilation, CeilMode ceil_mode)
    : kernel_size_(kernel_size),
      window_(window_of("MaxPool1d", kernel_size, stride, padding, dilation)),
      ceil_mode_(ceil_mode) {}

Variable MaxPool1d::operator()(const Variable& x) { return max_pool1d(x, kernel_size_, window_, ceil_mode_); }

AvgPool2d::AvgPool2d(Pair kernel_size, Pair stride, Pair padding, const AvgPoolOptions& options)
    : kernel_size_(kernel_size), window_(window_of("AvgPool2d", kernel_size, stride, padding, 1)), options_(options) {}

Variable AvgPool2d::operator()(const Variable& x) {
  return avg_pool2d(x, kernel_size_.h, kernel_size_.w, window_, options_);
}

AvgPool1d::AvgPool1d(int64_t kernel_size, int64_t stride, int64_t padding, const AvgPoolOptions& options)
    : kernel_size_(kernel_size),
      window_(window_of("AvgPool1d", kernel_size, stride, padding, int64_t{1})),
      options_(options) {}

Variable AvgPool1d::operator()(const Variable& x) { return avg_pool1d(x, kernel_size_, window_, options_); }

AdaptiveAvgPool2d::AdaptiveAvgPool2d(Pair output_size) : output_size_(output_size) {
  check_output_size("AdaptiveAvgPool2d", output_size);
}

Variable AdaptiveAvgPool2d::operator()(const Variable& x) {
  return adaptive_avg_pool2d(x, output_size_.h, output_size_.w);
}

AdaptiveMaxPool2d::AdaptiveMaxPool2d(Pair output_size) : output_size_(output_size) {
  check_output_size("AdaptiveMaxPool2d", output_size);
}

Variable AdaptiveMaxPool2d::operator()(const Variable& x) {
  return adaptive_max_pool2d(x, output_size_.h, output_size_.w);
}

AdaptiveAvgPool1d::AdaptiveAvgPool1d(int64_t output_size) : output_size_(output_size) {
  check_output_size("AdaptiveAvgPool1d", output_size);
}

Variable AdaptiveAvgPool1d::operator()(const Variable& x) { return adaptive_avg_pool1d(x, output_size_); }

AdaptiveMaxPool1d::AdaptiveMaxPool1d(int64_t output_size) : output_size_(output_size) {
  check_output_size("AdaptiveMaxPool1d", output_size);
}

Variable AdaptiveMaxPool1d::operator()(const Variable& x) { return adaptive_max_pool1d(x, output_size_); }

Upsample::Upsample(InterpolateOptions options) : options_(std::move(options)) {}

Variable Upsample::operator()(const Variable& x) { return interpolate(x, options_); }

}  // namespace weft::nn
