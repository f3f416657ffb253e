// bench/micro/peak.cpp: what a card can do at most, measured: the roof that its other cases stand under
#include "bench/case.h"
#include "tensor/create.h"
#include "tensor/matmul.h"

namespace weft::bench {
namespace {

Work copy_of(int64_t count, Device device) {
  return work([x = normal({count}, device, 1), y = empty({count}, {.device = device})] { return y.copy_(x); });
}

Work square_product(int64_t n, Device device) {
  return work([a = normal({n, n}, device, 1), b = normal({n, n}, device, 2)] { return matmul(a, b); });
}

Case copying(int64_t count) {
  return {.name = fmt::format("peak/copy/{}", count),
          .prepare = [=](Device device) { return copy_of(count, device); },
          .prepare_check = [](Device device) { return copy_of(1003, device); },
          .bytes = 8.0 * static_cast<double>(count),
          .devices = {cuda}};
}

Case product_of(int64_t n) {
  return {.name = fmt::format("peak/matmul/{}", n),
          .prepare = [=](Device device) { return square_product(n, device); },
          .prepare_check = [](Device device) { return square_product(256, device); },
          .flops = 2.0 * static_cast<double>(n) * static_cast<double>(n) * static_cast<double>(n),
          .devices = {cuda}};
}

const Family peak_family([] { return std::vector<Case>{copying(1 << 26), product_of(4096), product_of(8192)}; });

}  // namespace
}  // namespace weft::bench
