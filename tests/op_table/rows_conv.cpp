// tests/op_table/rows_conv.cpp: convolution and its adjoints over kernel x stride x padding x odd sizes
#include <fmt/format.h>

#include "autograd/conv.h"
#include "tests/op_table/row.h"

namespace weft::op_table {

namespace {

struct Geometry {
  int64_t kernel[2];
  Window2d window;

  std::string name() const {
    return fmt::format("k={}x{} s={}x{} p={}x{}", kernel[0], kernel[1], window.stride[0], window.stride[1],
                       window.padding[0], window.padding[1]);
  }
  Shape weight(int64_t out, int64_t in) const { return {out, in, kernel[0], kernel[1]}; }
  int64_t span(int axis) const { return window.dilation[axis] * (kernel[axis] - 1) + 1; }
  Shape output(const Shape& x, int64_t channels) const {
    Shape y{x[0], channels, 0, 0};
    for (int i = 0; i < 2; ++i) y[2 + i] = (x[2 + i] + 2 * window.padding[i] - span(i)) / window.stride[i] + 1;
    return y;
  }
};

std::vector<Geometry> geometries() {
  std::vector<Geometry> all;
  const int64_t kernels[][2] = {{1, 1}, {3, 3}, {2, 3}, {5, 1}};
  const int64_t strides[][2] = {{1, 1}, {2, 2}, {3, 2}};
  const int64_t paddings[][2] = {{0, 0}, {1, 1}, {2, 1}};
  for (const auto& k : kernels)
    for (const auto& s : strides)
      for (const auto& p : paddings) all.push_back({{k[0], k[1]}, {{s[0], s[1]}, {p[0], p[1]}}});
  return all;
}

const S kOdd{1, 2, 5, 7}, kPair{2, 2, 6, 5}, kLarge{2, 3, 33, 31}, kWide{5, 16, 28, 28};

Row conv_row(const Geometry& g) {
  return {.name = "conv2d " + g.name(),
          .call = [g](const Vars& v) { return conv2d(v[0], v[1], {}, g.window); },
          .order = Order::second,
          .samples = {{kPair, g.weight(1, 2)}, {kOdd, g.weight(3, 2)}},
          .large = {{kLarge, g.weight(8, 3)}},
          .scale = Scale::absolute_inputs};
}

std::vector<Reject> conv_rejects() {
  return {{{"[3, 5, 5]"},
           [] {
             conv2d(zeros({3, 5, 5}), zeros({2, 3, 3, 3}));
           }},
          {{"channels", "[1, 3, 5, 5]", "[2, 4, 3, 3]"},
           [] {
             conv2d(zeros({1, 3, 5, 5}), zeros({2, 4, 3, 3}));
           }},
          {{"kernel [3, 3]", "image [2, 5]"},
           [] {
             conv2d(zeros({1, 3, 2, 5}), zeros({2, 3, 3, 3}));
           }},
          {{"stride", "0"},
           [] {
             conv2d(zeros({1, 1, 5, 5}), zeros({1, 1, 3, 3}), {{1, 0}, {0, 0}});
           }},
          {{"padding", "-1"},
           [] {
             conv2d(zeros({1, 1, 5, 5}), zeros({1, 1, 3, 3}), {{1, 1}, {0, -1}});
           }},
          {{"float32", "float64"},
           [] {
             conv2d(zeros({1, 1, 5, 5}), zeros({1, 1, 3, 3}, {DType::float64}));
           }},
          {{"groups is 0"},
           [] {
             conv2d(zeros({1, 1, 5, 5}), zeros({1, 1, 3, 3}), {}, 0);
           }},
          {{"5 output channels cannot be cut into 2 groups", "[5, 2, 3, 3]"},
           [] {
             conv2d(zeros({1, 4, 5, 5}), zeros({5, 2, 3, 3}), {}, 2);
           }},
          {{"channels differ", "[1, 4, 5, 5]", "[2, 4, 3, 3]", "groups is 2"},
           [] {
             conv2d(zeros({1, 4, 5, 5}), zeros({2, 4, 3, 3}), {}, 2);
           }},
          {{"dilation is [1, 0]"},
           [] {
             conv2d(zeros({1, 1, 5, 5}), zeros({1, 1, 3, 3}), {.dilation = {1, 0}});
           }},
          {{"kernel [3, 3]", "spans [3, 7]", "image [5, 5]"},
           [] {
             conv2d(zeros({1, 1, 5, 5}), zeros({1, 1, 3, 3}), {.dilation = {1, 3}});
           }},
          {{"kernel [3, 3] with dilation [1, 9223372036854775807] spans more than 2^62 elements"},
           [] {
             conv2d(zeros({1, 1, 5, 5}), zeros({1, 1, 3, 3}), {.dilation = {1, INT64_MAX}});
           }},
          {{"bias", "[3]"}, [] {
             conv2d(Variable(zeros({1, 1, 5, 5})), Variable(zeros({2, 1, 3, 3})), Variable(zeros({3})));
           }}};
}

Row bias_row() {
  const Window2d window{{1, 2}, {1, 1}};
  return {.name = "conv2d bias",
          .call = [window](const Vars& v) { return conv2d(v[0], v[1], v[2], window); },
          .order = Order::second,
          .samples = {{S{0, 2, 5, 7}, S{3, 2, 3, 3}, S{3}},
                      {S{1, 1, 1, 1}, S{1, 1, 3, 3}, S{1}},
                      {kOdd, S{3, 2, 3, 3}, S{3}}},
          .large = {{kWide, S{32, 16, 3, 3}, S{32}}, {S{129, 1, 9, 9}, S{7, 1, 3, 3}, S{7}}},
          .scale = Scale::absolute_inputs,
          .rejects = conv_rejects()};
}

Row input_gradient_row(const Geometry& g) {
  const auto call = [g](const Shape& size) {
    return [g, size](const Vars& v) { return conv2d_input_gradient(v[0], v[1], size, g.window); };
  };
  return {.name = "conv2d_input_gradient " + g.name(),
          .call = call({5, 7}),
          .order = Order::second,
          .samples = {{g.output(kOdd, 3), g.weight(3, 2)}},
          .large = {{g.output({6, 8, 5, 7}, 32), g.weight(32, 8)}},
          .scale = Scale::absolute_inputs};
}

Row weight_gradient_row(const Geometry& g) {
  return {.name = "conv2d_weight_gradient " + g.name(),
          .call =
              [g](const Vars& v) {
                return conv2d_weight_gradient(v[0], v[1], {g.kernel[0], g.kernel[1]}, g.window);
              },
          .order = Order::second,
          .samples = {{kOdd, g.output(kOdd, 3)}},
          .large = {{kLarge, g.output(kLarge, 8)}},
          .scale = Scale::absolute_inputs};
}

/// Groups, with dilation, side by side: the depthwise ones run another kernel.
struct Grouped {
  int64_t groups, in, out;
  Geometry g;

  std::string name() const {
    return fmt::format("{} d={}x{} g={} {}to{}", g.name(), g.window.dilation[0], g.window.dilation[1], groups, in, out);
  }
  Shape weight() const { return g.weight(out, in / groups); }
  Shape image() const { return {2, in, 6, 5}; }
  Shape large() const { return {3, in, 19, 41}; }
};

const std::vector<Grouped> kGrouped = {
    {1, 2, 3, {{3, 2}, {{1, 1}, {1, 1}, {2, 3}}}},     // dilated
    {1, 3, 20, {{2, 3}, {{2, 1}, {0, 2}, {3, 2}}}},    //
    {2, 4, 6, {{3, 3}, {{1, 2}, {1, 0}, {1, 1}}}},     // few groups
    {16, 16, 48, {{2, 2}, {{1, 1}, {0, 1}, {2, 1}}}},  // many, of three channels
    {3, 3, 3, {{3, 3}, {{1, 1}, {1, 1}, {1, 1}}}},     // depthwise
    {2, 2, 4, {{3, 2}, {{2, 2}, {1, 1}, {2, 2}}}},     // depthwise, two outputs an input
    {2, 6, 2, {{2, 3}, {{1, 2}, {1, 2}, {1, 2}}}},     // wide to narrow
};

bool is_small(const Grouped& c) { return c.out <= 6; }  // finite differences of the others would take seconds

/// f on Variables, or on tensors where no derivative is asked.
template <class F>
Call for_size(const Grouped& c, F f) {
  if (!is_small(c)) return on_tensors([f](const Tensors& t) { return f(t[0], t[1]); });
  return [f](const Vars& v) { return f(v[0], v[1]); };
}

Row grouped_row(const Grouped& c) {
  return {.name = "conv2d " + c.name(),
          .call = for_size(c,
                           [c](const auto& x, const auto& w) {
                             if constexpr (std::is_same_v<decltype(x), const Tensor&>)
                               return conv2d(x, w, c.g.window, c.groups);
                             else return conv2d(x, w, {}, c.g.window, c.groups);
                           }),
          .order = is_small(c) ? Order::second : Order::none,
          .samples = {{c.image(), c.weight()}},
          .large = {{c.large(), c.weight()}},
          .scale = Scale::absolute_inputs};
}

Row grouped_input_gradient_row(const Grouped& c) {
  const auto call = for_size(c, [c](const auto& dy, const auto& w) {
    const Shape x = dy.size(0) == c.large()[0] ? c.large() : c.image();
    return conv2d_input_gradient(dy, w, {x[2], x[3]}, c.g.window, c.groups);
  });
  return {.name = "conv2d_input_gradient " + c.name(),
          .call = call,
          .order = is_small(c) ? Order::second : Order::none,
          .samples = {{c.g.output(c.image(), c.out), c.weight()}},
          .large = {{c.g.output(c.large(), c.out), c.weight()}},
          .scale = Scale::absolute_inputs};
}

Row grouped_weight_gradient_row(const Grouped& c) {
  const auto call = for_size(c, [c](const auto& x, const auto& dy) {
    return conv2d_weight_gradient(x, dy, {c.g.kernel[0], c.g.kernel[1]}, c.g.window, c.groups);
  });
  return {.name = "conv2d_weight_gradient " + c.name(),
          .call = call,
          .order = is_small(c) ? Order::second : Order::none,
          .samples = {{c.image(), c.g.output(c.image(), c.out)}},
          .large = {{c.large(), c.g.output(c.large(), c.out)}},
          .scale = Scale::absolute_inputs};
}

std::vector<Row> conv_rows() {
  std::vector<Row> rows;
  for (const Geometry& g : geometries()) rows.push_back(conv_row(g));
  rows.push_back(bias_row());
  for (size_t i = 0; i < geometries().size(); i += 5) {  // the adjoints run inside every gradient of conv2d, too
    rows.push_back(input_gradient_row(geometries()[i]));
    rows.push_back(weight_gradient_row(geometries()[i]));
  }
  for (const Grouped& c : kGrouped) {
    rows.push_back(grouped_row(c));
    rows.push_back(grouped_input_gradient_row(c));
    rows.push_back(grouped_weight_gradient_row(c));
  }
  rows[rows.size() - 2].rejects = {
      {{"9223372036854775807 groups of 4 input channels are more than 2^63 - 1", "[0, 4, 1, 1]"}, [] {
         conv2d_input_gradient(zeros({1, 0, 1, 1}), zeros({0, 4, 1, 1}), {1, 1}, {}, INT64_MAX);
       }}};
  rows.back().rejects = {{{"3 input channels cannot be cut into 2 groups", "[1, 3, 4, 4]"}, [] {
                            conv2d_weight_gradient(zeros({1, 3, 4, 4}), zeros({1, 2, 4, 4}), {1, 1}, {}, 2);
                          }}};
  return rows;
}

const Family convolutions(conv_rows);

}  // namespace

}  // namespace weft::op_table
