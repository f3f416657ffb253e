// tests/op_table/rows_pool_more.cpp: pooling with dilation and ceil_mode, means, adaptive sizes, interpolation
#include <cmath>

#include "autograd/interpolate.h"
#include "autograd/pool.h"
#include "tests/op_table/row.h"

namespace weft::op_table {

namespace {

const Window2d kDilated{{2, 1}, {1, 0}, {2, 3}}, kRagged{{2, 3}, {1, 0}, {1, 1}};

std::vector<Row> max_rows() {
  std::vector<Row> rows = {
      {.name = "max_pool2d dilated",
       .call = [](const Vars& v) { return max_pool2d(v[0], 3, 2, kDilated); },
       .order = Order::second,
       .samples = {{S{1, 2, 6, 5}}},
       .large = {{S{3, 5, 33, 31}}},
       .values = {distinct()}},
      {.name = "max_pool2d ceil",
       .call =
           [](const Vars& v) {
             return max_pool2d(v[0], 2, 2, {.stride = {2, 2}}, CeilMode::yes);
           },
       .order = Order::second,
       .samples = {{S{1, 2, 5, 3}}},
       .large = {{S{3, 5, 33, 31}}},
       .values = {distinct()}},
      {.name = "max_pool2d indices ceil",
       .call = on_tensors([](const Tensors& t) { return max_pool2d(t[0], 3, 2, kRagged, CeilMode::yes).indices; }),
       .samples = {{S{1, 2, 6, 6}}, {S{2, 1, 4, 5}}},
       .values = {whole(-2, 2)}},
      {.name = "max_pool1d",
       .call =
           [](const Vars& v) {
             return max_pool1d(v[0], 3, {2, 1, 2});
           },
       .order = Order::second,
       .samples = {{S{0, 1, 5}}, {S{2, 2, 7}}},
       .values = {distinct()},
       .rejects = {{{"x needs 3 axes"},
                    [] {
                      max_pool1d(zeros({1, 1, 5, 5}), 2, {});
                    }},
                   {{"int64"},
                    [] {
                      max_pool1d(zeros({1, 1, 5}, {DType::int64}), 2, {});
                    }},
                   {{"padding [0, 2]", "half the kernel [1, 3]"}, [] {
                      max_pool1d(zeros({1, 1, 5}), 3, {1, 2});
                    }}}}};
  rows[0].rejects = {{{"the kernel is [2, 0]"},
                      [] {
                        max_pool2d(zeros({1, 1, 4, 4}), 2, 0, {});
                      }},
                     {{"padding [1, 0]", "the dilation [5, 1] steps over the whole image [4, 4]"}, [] {
                        max_pool2d(zeros({1, 1, 4, 4}), 2, 2, {.padding = {1, 0}, .dilation = {5, 1}});
                      }}};
  return rows;
}

Row mean_row(std::string name, const Window2d& window, AvgPoolOptions options, int64_t kernel_h = 3,
             int64_t kernel_w = 2) {
  return {.name = "avg_pool2d " + name,
          .call = [=](const Vars& v) { return avg_pool2d(v[0], kernel_h, kernel_w, window, options); },
          .order = Order::second,
          .samples = {{S{0, 1, 6, 6}}, {S{1, 2, 6, 6}}},
          .large = {{S{3, 5, 33, 31}}},
          .scale = Scale::absolute_inputs};
}

std::vector<Row> mean_rows() {
  std::vector<Row> rows = {
      mean_row("plain", {{2, 2}}, {}, 2, 2),
      mean_row("padded", {{1, 2}, {1, 1}}, {}),
      mean_row("count_include_pad=0", {{1, 2}, {1, 1}}, {.count_include_pad = false}),
      mean_row("ceil", kRagged, {.ceil_mode = CeilMode::yes}),
      mean_row("ceil count_include_pad=0", {{2, 3}, {1, 1}}, {.ceil_mode = CeilMode::yes, .count_include_pad = false}),
      mean_row("divisor_override", {{2, 2}, {1, 1}}, {.divisor_override = 5})};
  rows.push_back({.name = "avg_pool1d",
                  .call =
                      [](const Vars& v) {
                        return avg_pool1d(v[0], 3, {2, 1});
                      },
                  .order = Order::second,
                  .samples = {{S{2, 2, 7}}},
                  .scale = Scale::absolute_inputs,
                  .rejects = {{{"x needs 3 axes"}, [] {
                                 avg_pool1d(zeros({1, 1, 5, 5}), 2, {});
                               }}}});
  rows[0].rejects = {{{"x needs 4 axes"},
                      [] {
                        avg_pool2d(zeros({1, 5, 5}), 2, 2, {});
                      }},
                     {{"int64"},
                      [] {
                        avg_pool2d(zeros({1, 1, 5, 5}, {DType::int64}), 2, 2, {});
                      }},
                     {{"divisor_override is -1"},
                      [] {
                        avg_pool2d(zeros({1, 1, 5, 5}), 2, 2, {}, {.divisor_override = -1});
                      }},
                     {{"padding [2, 0]", "half the kernel [3, 3]"},
                      [] {
                        avg_pool2d(zeros({1, 1, 5, 5}), 3, 3, {.padding = {2, 0}});
                      }},
                     {{"the kernel [6, 3] is larger than the image [5, 5]"}, [] {
                        avg_pool2d(zeros({1, 1, 5, 5}), 6, 3, {});
                      }}};
  return rows;
}

using Pool2d = Variable (*)(const Variable&, int64_t, int64_t);
using Pool1d = Variable (*)(const Variable&, int64_t);

std::vector<Row> adaptive_rows(const std::string& op, Pool2d pool2d, Pool1d pool1d) {
  const auto row = [&](int64_t oh, int64_t ow) {
    return Row{.name = op + "2d to " + std::to_string(oh) + "x" + std::to_string(ow),
               .call = [=](const Vars& v) { return pool2d(v[0], oh, ow); },
               .order = Order::second,
               .samples = {{S{0, 1, 4, 7}}, {S{1, 2, 4, 7}}},
               .large = {{S{3, 5, 33, 31}}},
               .values = {distinct()},
               .scale = Scale::absolute_inputs};
  };
  std::vector<Row> rows = {row(1, 1), row(2, 3), row(4, 5), row(6, 7)};
  rows[0].rejects = {{{"x needs 4 axes"},
                      [=] {
                        pool2d(zeros({1, 5, 5}), 2, 2);
                      }},
                     {{"int64"},
                      [=] {
                        pool2d(zeros({1, 1, 5, 5}, {DType::int64}), 2, 2);
                      }},
                     {{"the output size is [2, 0]"},
                      [=] {
                        pool2d(zeros({1, 1, 5, 5}), 2, 0);
                      }},
                     {{"the image needs 1 to 2^31 pixels", "[1, 2, 3, 0]"},
                      [=] {
                        pool2d(zeros({1, 2, 3, 0}), 2, 2);
                      }},
                     {{"the image needs 1 to 2^31 pixels", "[1, 1, 0, 5]"}, [=] {
                        pool2d(zeros({1, 1, 0, 5}), 2, 2);
                      }}};
  rows.push_back({.name = op + "1d",
                  .call = [=](const Vars& v) { return pool1d(v[0], 3); },
                  .order = Order::second,
                  .samples = {{S{2, 2, 7}}},
                  .values = {distinct()},
                  .scale = Scale::absolute_inputs,
                  .rejects = {{{"x needs 3 axes"}, [=] {
                                 pool1d(zeros({1, 1, 5, 5}), 2);
                               }}}});
  return rows;
}

Row interpolate_row(const std::string& name, const Shape& x, const InterpolateOptions& options) {
  return {.name = "interpolate " + name,
          .call = [=](const Vars& v) { return interpolate(v[0], options); },
          .order = Order::second,
          .samples = {{x}},
          .scale = Scale::absolute_inputs};
}

std::vector<Row> interpolate_rows() {
  const Shape line{2, 2, 5}, image{1, 2, 3, 4};
  using enum Interpolation;
  std::vector<Row> rows = {
      interpolate_row("nearest size", image, {.size = {7, 2}}),
      interpolate_row("nearest factor", image, {.scale_factor = {1.7}}),
      interpolate_row("nearest 1d", line, {.size = {8}}),
      interpolate_row("bilinear size", image, {.size = {7, 2}, .mode = bilinear}),
      interpolate_row("bilinear factor", image, {.scale_factor = {2, 0.6}, .mode = bilinear}),
      interpolate_row("bilinear corners", image, {.size = {5, 1}, .mode = bilinear, .align_corners = true}),
      interpolate_row("linear", line, {.size = {8}, .mode = linear}),
      interpolate_row("linear corners", line, {.scale_factor = {1.5}, .mode = linear, .align_corners = true})};
  rows[0].rejects = {{{"x needs 3 or 4 axes", "[4, 5]"},
                      [] {
                        interpolate(zeros({4, 5}), {.size = {2}});
                      }},
                     {{"int64"},
                      [] {
                        interpolate(zeros({1, 1, 5}, {DType::int64}), {.size = {2}});
                      }},
                     {{"either size or scale_factor"},
                      [] {
                        interpolate(zeros({1, 1, 5}), {});
                      }},
                     {{"either size or scale_factor"},
                      [] {
                        interpolate(zeros({1, 1, 5}), {.size = {2}, .scale_factor = {2}});
                      }},
                     {{"1 or 2 entries"},
                      [] {
                        interpolate(zeros({1, 1, 5, 5}), {.size = {2, 2, 2}});
                      }},
                     {{"axis 3 would get 0 pixels from 5"},
                      [] {
                        interpolate(zeros({1, 1, 5, 5}), {.size = {2, 0}});
                      }},
                     {{"axis 2 would get 0 pixels from 5"},
                      [] {
                        interpolate(zeros({1, 1, 5}), {.scale_factor = {0.1}});
                      }},
                     {{"axis 2 would get nan pixels"},
                      [] {
                        interpolate(zeros({1, 1, 5}), {.scale_factor = {NAN}});
                      }},
                     {{"the mode does not fit x", "[1, 1, 5]"},
                      [] {
                        interpolate(zeros({1, 1, 5}), {.size = {2}, .mode = bilinear});
                      }},
                     {{"align_corners is for linear"}, [] {
                        interpolate(zeros({1, 1, 5}), {.size = {2}, .align_corners = true});
                      }}};
  return rows;
}

std::vector<Row> pool_more_rows() {
  std::vector<Row> rows;
  for (const auto& family : {max_rows(), mean_rows(), interpolate_rows(),
                             adaptive_rows("adaptive_avg_pool", adaptive_avg_pool2d, adaptive_avg_pool1d),
                             adaptive_rows("adaptive_max_pool", adaptive_max_pool2d, adaptive_max_pool1d)})
    rows.insert(rows.end(), family.begin(), family.end());
  return rows;
}

const Family more_pooling(pool_more_rows);

}  // namespace

}  // namespace weft::op_table
