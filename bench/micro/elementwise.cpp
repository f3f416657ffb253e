// bench/micro/elementwise.cpp: add and exp, in cache and out of it
#include "tensor/elementwise.h"

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

Case exponential(int64_t n) {
  return {.name = fmt::format("exp/{}", n),
          .prepare = [n](Device device) { return work([x = normal({n}, device, 1)] { return exp(x); }); },
          .bytes = 8.0 * static_cast<double>(n)};
}

const Family elementwise_family([] {
  return std::vector<Case>{addition(1 << 12),    addition(1 << 16),    addition(1 << 22),   bias(128, 1024),
                           exponential(1 << 12), exponential(1 << 16), exponential(1 << 22)};
});

}  // namespace
}  // namespace weft::bench
