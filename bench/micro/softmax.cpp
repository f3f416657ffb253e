// bench/micro/softmax.cpp: log_softmax over few classes and over a vocabulary
#include "tensor/softmax.h"

#include "bench/case.h"

namespace weft::bench {
namespace {

Case rows_of(int64_t rows, int64_t classes) {
  return {.name = fmt::format("log_softmax/{}x{}", rows, classes),
          .prepare =
              [=](Device device) {
                return work([x = normal({rows, classes}, device, 1)] { return log_softmax(x, -1); });
              },
          .bytes = 8.0 * static_cast<double>(rows * classes)};
}

const Family softmax_family([] {
  return std::vector<Case>{rows_of(128, 10), rows_of(12800, 50), rows_of(128, 10000)};
});

}  // namespace
}  // namespace weft::bench
