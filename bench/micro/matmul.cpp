// bench/micro/matmul.cpp: products of the sizes that training meets, and a large square one
#include "tensor/matmul.h"

#include "bench/case.h"

namespace weft::bench {
namespace {

Case product(int64_t m, int64_t n, int64_t k) {
  return {.name = fmt::format("matmul/{}x{}x{}", m, n, k),
          .prepare =
              [=](Device device) {
                return work([a = normal({m, k}, device, 1), b = normal({k, n}, device, 2)] { return matmul(a, b); });
              },
          .flops = 2.0 * static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k)};
}

const Family matmul_family([] {
  return std::vector<Case>{product(1, 1024, 256),   product(128, 10, 784),    product(128, 1024, 256),
                           product(256, 1024, 128), product(128, 4000, 1000), product(512, 512, 512)};
});

}  // namespace
}  // namespace weft::bench
