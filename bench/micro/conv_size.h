// bench/micro/conv_size.h: the convolutions that are timed, and what one of them takes
#pragma once
#include <array>

#include "bench/case.h"
#include "tensor/conv.h"

namespace weft::bench {

/// Square images and kernels of odd size, padded so that the output is as large as the input.
struct ConvSize {
  int64_t batch, in, out, size, kernel;
  int64_t groups = 1;  ///< 1, or as many as there are channels

  Shape x() const { return {batch, in, size, size}; }
  Shape weight() const { return {out, in / groups, kernel, kernel}; }
  Shape y() const { return {batch, out, size, size}; }
  Window2d window() const { return {.stride = {1, 1}, .padding = {kernel / 2, kernel / 2}}; }
};

/// The two of the MNIST network at batch 128, and a depthwise one.
inline constexpr std::array kConvSizes = {ConvSize{128, 1, 16, 28, 7}, ConvSize{128, 16, 16, 14, 7},
                                          ConvSize{32, 32, 32, 56, 3, 32}};

/// "conv2d/128x1x28x28_16_7x7", "depthwise_input_gradient/32x32x56x56_3x3".
inline std::string name_of(const ConvSize& s, std::string_view of_plain, std::string_view of_depthwise) {
  const std::string image = fmt::format("{}x{}x{}x{}", s.batch, s.in, s.size, s.size);
  if (s.groups > 1) return fmt::format("{}/{}_{}x{}", of_depthwise, image, s.kernel, s.kernel);
  return fmt::format("{}/{}_{}_{}x{}", of_plain, image, s.out, s.kernel, s.kernel);
}

/// Of each of the three: forward, input gradient, weight gradient. Nominal: taps that meet padding count too.
inline double flops(const ConvSize& s) {
  return 2.0 * static_cast<double>(numel_of(s.y())) * static_cast<double>(s.in / s.groups * s.kernel * s.kernel);
}

/// Of each of the three: two of x, weight and y are read and the third is written.
inline double bytes(const ConvSize& s) {
  return 4.0 * static_cast<double>(numel_of(s.x()) + numel_of(s.weight()) + numel_of(s.y()));
}

}  // namespace weft::bench
