// tests/op_table/rows_scaled_gates.cpp: gate sums whose products a smaller cell scales
#include "autograd/scaled_gates.h"
#include "autograd/view.h"
#include "tests/op_table/row.h"

namespace weft::op_table {
namespace {

/// Of by_h, by_x, z and scale_weight.
Shapes gate_shapes(int64_t n, int64_t gates, int64_t hidden, int64_t e) {
  return {S{n, gates * hidden}, S{n, gates * hidden}, S{n, 3, gates, e}, S{3, gates, hidden, e}};
}

Shapes with_bias(Shapes shapes) {
  shapes.push_back(S{shapes[0][1]});
  return shapes;
}

/// by_x as a cell finds it: columns of a wider matrix, two on the left and three on the right.
Shapes with_wide_x(Shapes shapes) {
  shapes[1][1] += 5;
  return shapes;
}

Variable without_margins(const Variable& x) { return slice(x, 1, 2, x.size(1) - 3); }

const std::vector<Reject> kWrongScales = {{{"z is [2, 2, 4, 5] float32", "scale_weight is [3, 4, 7, 5] float32"},
                                           [] {
                                             scales(zeros({2, 2, 4, 5}), zeros({3, 4, 7, 5}));
                                           }},
                                          {{"z is [2, 3, 4, 5] float32", "hint: they are [n, 3, gates, e]"},
                                           [] {
                                             scales(zeros({2, 3, 4, 5}), zeros({3, 4, 7, 6}));
                                           }},
                                          {{"z is [2, 60] float32"},
                                           [] {
                                             scales(zeros({2, 60}), zeros({3, 4, 7, 5}));
                                           }},
                                          {{"dtypes differ"}, [] {
                                             scales(zeros({2, 3, 4, 5}), zeros({3, 4, 7, 5}, {DType::float64}));
                                           }}};

const std::vector<Reject> kWrongSums = {
    {{"by_h is [2, 27] float32", "z is [2, 3, 4, 5] float32", "scale_weight is [3, 4, 7, 5] float32"},
     [] {
       scaled_gates(zeros({2, 27}), zeros({2, 27}), zeros({2, 3, 4, 5}), zeros({3, 4, 7, 5}));
     }},
    {{"by_h is [3, 28] float32", "hint: by_h is [n, gates hidden]"},
     [] {
       scaled_gates(zeros({3, 28}), zeros({3, 28}), zeros({2, 3, 4, 5}), zeros({3, 4, 7, 5}));
     }},
    {{"by_x is [2, 1] float32", "by_h is [2, 28] float32", "hint: they are alike"},
     [] {
       scaled_gates(zeros({2, 28}), zeros({2, 1}), zeros({2, 3, 4, 5}), zeros({3, 4, 7, 5}));
     }},
    {{"z is [2, 3, 3, 5] float32", "scale_weight is [3, 4, 7, 5] float32"},
     [] {
       scaled_gates(zeros({2, 28}), zeros({2, 28}), zeros({2, 3, 3, 5}), zeros({3, 4, 7, 5}));
     }},
    {{"bias is [7] float32", "by_h is [2, 28] float32", "hint: bias is [gates hidden]"},
     [] {
       scaled_gates(zeros({2, 28}), zeros({2, 28}), zeros({2, 3, 4, 5}), zeros({3, 4, 7, 5}), zeros({7}));
     }},
    {{"by_x is [2, 28] float64", "by_h is [2, 28] float32", "hint: they are alike"},
     [] {
       scaled_gates(zeros({2, 28}), zeros({2, 28}, {DType::float64}), zeros({2, 3, 4, 5}), zeros({3, 4, 7, 5}));
     }},
    {{"int64"}, [] {
       const TensorOptions integers{DType::int64};
       scaled_gates(zeros({2, 28}, integers), zeros({2, 28}, integers), zeros({2, 3, 4, 5}, integers),
                    zeros({3, 4, 7, 5}, integers));
     }}};

std::vector<Row> scaled_gates_rows() {
  return {
      {.name = "scales",
       .call = [](const Vars& v) { return scales(v[0], v[1]); },
       .order = Order::second,
       .samples = {{S{0, 3, 4, 5}, S{3, 4, 2, 5}}, {S{1, 3, 1, 1}, S{3, 1, 1, 1}}, {S{2, 3, 2, 4}, S{3, 2, 3, 4}}},
       .large = {{S{37, 3, 4, 16}, S{3, 4, 131, 16}}},
       .scale = Scale::absolute_inputs,
       .rejects = kWrongScales},
      {.name = "scaled_gates",
       .call = [](const Vars& v) { return scaled_gates(v[0], v[1], v[2], v[3]); },
       .order = Order::second,
       .samples = {gate_shapes(0, 4, 2, 3), gate_shapes(2, 4, 0, 3), gate_shapes(2, 2, 3, 0), gate_shapes(1, 4, 1, 1),
                   gate_shapes(3, 1, 17, 4), gate_shapes(2, 4, 3, 4)},
       .large = {gate_shapes(37, 4, 131, 4), gate_shapes(6, 1, 257, 1)},
       .scale = Scale::absolute_inputs,
       .rejects = kWrongSums},
      {.name = "scaled_gates bias, by_x a slice",
       .call = [](const Vars& v) { return scaled_gates(v[0], without_margins(v[1]), v[2], v[3], v[4]); },
       .order = Order::second,
       .samples = {with_bias(with_wide_x(gate_shapes(0, 4, 2, 3))), with_bias(with_wide_x(gate_shapes(1, 1, 5, 1))),
                   with_bias(with_wide_x(gate_shapes(6, 4, 2, 1))), with_bias(with_wide_x(gate_shapes(2, 4, 3, 5)))},
       .large = {with_bias(with_wide_x(gate_shapes(37, 4, 131, 5))), with_bias(with_wide_x(gate_shapes(5, 4, 67, 33)))},
       .scale = Scale::absolute_inputs}};
}

const Family scaled_gates_family(scaled_gates_rows);

}  // namespace
}  // namespace weft::op_table
