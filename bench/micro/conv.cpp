// bench/micro/conv.cpp: the two convolutions of the MNIST network at batch 128, and a depthwise one; with gradients
#include "tensor/conv.h"

#include "bench/case.h"

namespace weft::bench {
namespace {

constexpr int64_t kBatch = 128, kKernel = 7;
constexpr Window2d kSame{.stride = {1, 1}, .padding = {3, 3}};

std::vector<Case> convolution(int64_t in, int64_t out, int64_t size) {
  const Shape x{kBatch, in, size, size}, w{out, in, kKernel, kKernel}, y{kBatch, out, size, size};
  const std::string suffix = fmt::format("/{}x{}x{}x{}_{}_7x7", kBatch, in, size, size, out);
  // Nominal: taps that meet padding count too.
  const double flops = 2.0 * static_cast<double>(numel_of(y)) * static_cast<double>(in * kKernel * kKernel);
  const auto forward = [=](Device device) {
    return work([a = normal(x, device, 1), b = normal(w, device, 2)] { return conv2d(a, b, kSame); });
  };
  const auto input_gradient = [=](Device device) {
    return work([dy = normal(y, device, 3), b = normal(w, device, 2), size] {
      return conv2d_input_gradient(dy, b, {size, size}, kSame);
    });
  };
  const auto weight_gradient = [=](Device device) {
    return work([a = normal(x, device, 1), dy = normal(y, device, 3)] {
      return conv2d_weight_gradient(a, dy, {kKernel, kKernel}, kSame);
    });
  };
  return {{.name = "conv2d" + suffix, .prepare = forward, .flops = flops},
          {.name = "conv2d_input_gradient" + suffix, .prepare = input_gradient, .flops = flops},
          {.name = "conv2d_weight_gradient" + suffix, .prepare = weight_gradient, .flops = flops}};
}

constexpr Window2d kBorder{.stride = {1, 1}, .padding = {1, 1}};

std::vector<Case> depthwise(int64_t channels, int64_t size) {
  const Shape x{32, channels, size, size}, w{channels, 1, 3, 3};
  const std::string suffix = fmt::format("/32x{}x{}x{}_3x3", channels, size, size);
  const double flops = 2.0 * static_cast<double>(numel_of(x)) * 9;
  const auto forward = [=](Device device) {
    return work(
        [a = normal(x, device, 1), b = normal(w, device, 2), channels] { return conv2d(a, b, kBorder, channels); });
  };
  const auto input_gradient = [=](Device device) {
    return work([dy = normal(x, device, 3), b = normal(w, device, 2), size, channels] {
      return conv2d_input_gradient(dy, b, {size, size}, kBorder, channels);
    });
  };
  const auto weight_gradient = [=](Device device) {
    return work([a = normal(x, device, 1), dy = normal(x, device, 3), channels] {
      return conv2d_weight_gradient(a, dy, {3, 3}, kBorder, channels);
    });
  };
  return {{.name = "depthwise_conv2d" + suffix, .prepare = forward, .flops = flops},
          {.name = "depthwise_input_gradient" + suffix, .prepare = input_gradient, .flops = flops},
          {.name = "depthwise_weight_gradient" + suffix, .prepare = weight_gradient, .flops = flops}};
}

const Family conv_family([] {
  std::vector<Case> cases = convolution(1, 16, 28);
  for (Case& item : convolution(16, 16, 14)) cases.push_back(std::move(item));
  for (Case& item : depthwise(32, 56)) cases.push_back(std::move(item));
  return cases;
});

}  // namespace
}  // namespace weft::bench
