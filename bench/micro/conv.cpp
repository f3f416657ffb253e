// bench/micro/conv.cpp: convolutions, with their gradients
#include "bench/micro/conv_size.h"

namespace weft::bench {
namespace {

std::vector<Case> convolution(const ConvSize& s) {
  const auto forward = [s](Device device) {
    return work([s, a = normal(s.x(), device, 1), b = normal(s.weight(), device, 2)] {
      return conv2d(a, b, s.window(), s.groups);
    });
  };
  const auto input_gradient = [s](Device device) {
    return work([s, dy = normal(s.y(), device, 3), b = normal(s.weight(), device, 2)] {
      return conv2d_input_gradient(dy, b, {s.size, s.size}, s.window(), s.groups);
    });
  };
  const auto weight_gradient = [s](Device device) {
    return work([s, a = normal(s.x(), device, 1), dy = normal(s.y(), device, 3)] {
      return conv2d_weight_gradient(a, dy, {s.kernel, s.kernel}, s.window(), s.groups);
    });
  };
  const auto item = [&](std::string_view name, std::string_view depthwise_name, std::function<Work(Device)> prepare) {
    return Case{
        .name = name_of(s, name, depthwise_name), .prepare = std::move(prepare), .flops = flops(s), .bytes = bytes(s)};
  };
  return {item("conv2d", "depthwise_conv2d", forward),
          item("conv2d_input_gradient", "depthwise_input_gradient", input_gradient),
          item("conv2d_weight_gradient", "depthwise_weight_gradient", weight_gradient)};
}

const Family conv_family([] {
  std::vector<Case> cases;
  for (const ConvSize& s : kConvSizes) {
    for (Case& item : convolution(s)) cases.push_back(std::move(item));
  }
  return cases;
});

}  // namespace
}  // namespace weft::bench
