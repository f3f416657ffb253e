// bench/micro/elementwise.cpp: add, exp and activations, in cache and out of it
#include "tensor/elementwise.h"

#include <utility>
#include <vector>

#include "bench/case.h"

namespace weft::bench {
namespace {

Case addition(int64_t n) {
  return {.name = fmt::format("add/{}", n),
          .prepare =
              [n](Device device) {
                return work([a = normal({n}, device, 1), b = normal({n}, device, 2)] { return add(a, b); });
              },
          .flops = static_cast<double>(n),
          .bytes = 12.0 * static_cast<double>(n)};
}

Case bias(int64_t rows, int64_t columns) {
  return {.name = fmt::format("add_bias/{}x{}", rows, columns),
          .prepare =
              [=](Device device) {
                return work(
                    [a = normal({rows, columns}, device, 1), b = normal({columns}, device, 2)] { return add(a, b); });
              },
          .flops = static_cast<double>(rows * columns),
          .bytes = 8.0 * static_cast<double>(rows * columns)};
}

using Function = Tensor (*)(const Tensor&);

Case function(const char* name, Function f, int64_t n) {
  return {.name = fmt::format("{}/{}", name, n),
          .prepare = [=](Device device) { return work([f, x = normal({n}, device, 1)] { return f(x); }); },
          .bytes = 8.0 * static_cast<double>(n)};
}

Case logarithm(int64_t n) {
  return {.name = fmt::format("log/{}", n),
          .prepare = [n](Device device) { return work([x = abs(normal({n}, device, 1))] { return log(x); }); },
          .bytes = 8.0 * static_cast<double>(n)};
}

const Family elementwise_family([] {
  std::vector<Case> cases = {addition(1 << 12), addition(1 << 16), addition(1 << 22), bias(128, 1024)};
  for (const int64_t n : {1 << 12, 1 << 16, 1 << 22}) cases.push_back(function("exp", exp, n));
  const std::pair<const char*, Function> others[] = {
      {"expm1", expm1},
      {"tanh", tanh},
      {"sigmoid", sigmoid},
      {"log_sigmoid", log_sigmoid},
      {"silu", silu},
      {"gelu_tanh", [](const Tensor& x) { return gelu(x, GeluForm::tanh); }},
      {"softplus", [](const Tensor& x) { return softplus(x); }},
      {"elu", [](const Tensor& x) { return elu(x); }},
      {"selu", selu},
      {"mish", mish},
  };
  for (const auto& [name, f] : others) cases.push_back(function(name, f, 1 << 16));
  cases.push_back(logarithm(1 << 16));
  return cases;
});

}  // namespace
}  // namespace weft::bench
