// tests/op_table/rows_pool.cpp: pooling over kernel x stride x padding
#include <fmt/format.h>

#include "autograd/pool.h"
#include "tests/op_table/row.h"

namespace weft::op_table {

namespace {

struct Pooling {
  int64_t kernel[2];
  Window2d window;

  std::string name() const {
    return fmt::format("k={}x{} s={}x{} p={}x{}", kernel[0], kernel[1], window.stride[0], window.stride[1],
                       window.padding[0], window.padding[1]);
  }
};

const std::vector<Pooling> kGeometries = {
    {{2, 2}, {{2, 2}, {0, 0}}}, {{3, 3}, {{1, 1}, {1, 1}}}, {{3, 2}, {{2, 1}, {1, 1}}}, {{2, 3}, {{3, 2}, {0, 1}}},
    {{1, 1}, {{1, 1}, {0, 0}}}, {{1, 1}, {{2, 2}, {0, 0}}}, {{5, 3}, {{2, 2}, {2, 1}}}};

const std::vector<Shapes> kImages = {{S{0, 2, 5, 7}}, {S{1, 1, 5, 5}}, {S{2, 3, 6, 5}}, {S{1, 2, 5, 7}}};
const std::vector<Shapes> kLargePlanes = {{S{3, 5, 33, 31}}, {S{2, 16, 28, 28}}, {S{1, 1, 5, 129}}};

// Distinct values: at a tie the derivative jumps.
Row values_row(const Pooling& g) {
  return {.name = "max_pool2d " + g.name(),
          .call = [g](const Vars& v) { return max_pool2d(v[0], g.kernel[0], g.kernel[1], g.window); },
          .order = Order::second,
          .samples = kImages,
          .large = kLargePlanes,
          .values = {distinct()}};
}

// Few different values: the first of equals is named.
Row indices_row(const Pooling& g) {
  return {.name = "max_pool2d indices " + g.name(),
          .call = on_tensors(
              [g](const Tensors& t) { return max_pool2d(t[0], g.kernel[0], g.kernel[1], g.window).indices; }),
          .samples = kImages,
          .large = kLargePlanes,
          .values = {whole(-2, 2)}};
}

std::vector<Row> pool_rows() {
  std::vector<Row> rows;
  for (const Pooling& g : kGeometries) {
    rows.push_back(values_row(g));
    rows.push_back(indices_row(g));
  }
  rows.front().rejects = {{{"[3, 5, 5]"},
                           [] {
                             max_pool2d(zeros({3, 5, 5}), 2, 2, {});
                           }},
                          {{"padding", "2"},
                           [] {
                             max_pool2d(zeros({1, 1, 5, 5}), 3, 3, {{1, 1}, {2, 2}});
                           }},
                          {{"kernel [6, 6]", "image [5, 5]"},
                           [] {
                             max_pool2d(zeros({1, 1, 5, 5}), 6, 6, {});
                           }},
                          {{"stride", "0"},
                           [] {
                             max_pool2d(zeros({1, 1, 5, 5}), 2, 2, {{0, 1}, {0, 0}});
                           }},
                          {{"int64"}, [] {
                             max_pool2d(zeros({1, 1, 5, 5}, {DType::int64}), 2, 2, {});
                           }}};
  return rows;
}

const Family pooling(pool_rows);

}  // namespace

}  // namespace weft::op_table
