// bench/micro/reduce.cpp: sums over everything, over rows and over columns
#include "tensor/reduce.h"

#include "bench/case.h"

namespace weft::bench {
namespace {

Case total(const std::string& what, int64_t rows, int64_t columns, const Axes& axes) {
  return {.name = fmt::format("sum_{}/{}x{}", what, rows, columns),
          .prepare =
              [=](Device device) {
                return work([x = normal({rows, columns}, device, 1), axes] { return sum(x, axes); });
              },
          .flops = static_cast<double>(rows * columns),
          .bytes = 4.0 * static_cast<double>(rows * columns),
          .tolerance = 1e-4};  // the terms cancel: the sum is small beside them
}

const Family reduce_family([] {
  return std::vector<Case>{total("all", 1024, 1024, {}), total("rows", 1024, 1024, {1}),
                           total("columns", 1024, 1024, {0}), total("all", 64, 64, {})};
});

}  // namespace
}  // namespace weft::bench
