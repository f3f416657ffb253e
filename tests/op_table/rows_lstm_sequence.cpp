// tests/op_table/rows_lstm_sequence.cpp: all steps of a long short-term memory
#include "autograd/lstm_sequence.h"
#include "autograd/view.h"
#include "tests/op_table/row.h"

namespace weft::op_table {
namespace {

/// Every output in one result: [time + 2, n, h].
Variable all_outputs(const LstmOutputs& y) { return cat({y.h, unsqueeze(y.last_h, 0), unsqueeze(y.last_c, 0)}, 0); }

/// projected, weight_hh, h0, c0.
Shapes sizes(int64_t time, int64_t n, int64_t h) { return {S{time, n, 4 * h}, S{4 * h, h}, S{n, h}, S{n, h}}; }

Shapes masked_sizes(int64_t time, int64_t n, int64_t h) {
  Shapes shapes = sizes(time, n, h);
  shapes.push_back({time, n, h});
  return shapes;
}

const std::vector<Reject> kWrongSequences = {
    {{"projected is [3, 2, 8] float32", "weight_hh is [8, 3] float32"},
     [] {
       lstm_sequence(zeros({3, 2, 8}), zeros({8, 3}), zeros({2, 2}), zeros({2, 2}));
     }},
    {{"projected is [0, 2, 8] float32", "time > 0"},
     [] {
       lstm_sequence(zeros({0, 2, 8}), zeros({8, 2}), zeros({2, 2}), zeros({2, 2}));
     }},
    {{"projected is [2, 8] float32"},
     [] {
       lstm_sequence(zeros({2, 8}), zeros({8, 2}), zeros({2, 2}), zeros({2, 2}));
     }},
    {{"c0 is [1, 2] float32", "h0 is [2, 2] float32"},
     [] {
       lstm_sequence(zeros({3, 2, 8}), zeros({8, 2}), zeros({2, 2}), zeros({1, 2}));
     }},
    {{"mask is [2, 2] float32", "[time, n, h]"},
     [] {
       lstm_sequence(zeros({3, 2, 8}), zeros({8, 2}), zeros({2, 2}), zeros({2, 2}), {.mask = zeros({2, 2})});
     }},
    {{"dtypes differ"}, [] {
       lstm_sequence(zeros({3, 2, 8}), zeros({8, 2}), zeros({2, 2}, {DType::float64}), zeros({2, 2}));
     }}};

std::vector<Row> lstm_sequence_rows() {
  const Tolerance chained{1e-5, 1e-11, "every step goes on with the rounding of the one before"};
  return {{.name = "lstm_sequence forget_bias=1",
           .call = [](const Vars& v) { return all_outputs(lstm_sequence(v[0], v[1], v[2], v[3], {.forget_bias = 1})); },
           .order = Order::second,
           .samples = {sizes(2, 0, 2), sizes(2, 2, 0), sizes(1, 2, 1), sizes(3, 2, 2), sizes(5, 3, 2)},
           .large = {sizes(6, 37, 19), sizes(4, 2, 65), sizes(5, 150, 131)},
           .values = {normal(), normal(0, 0.1), normal()},
           .corners = Corners::none,
           .tolerance = chained,
           .rejects = kWrongSequences},
          {.name = "lstm_sequence from=last mask",
           .call =
               [](const Vars& v) {
                 return all_outputs(
                     lstm_sequence(v[0], v[1], v[2], v[3], {From::last, 0, v[4].value().to(v[0].dtype()) * 2}));
               },
           .order = Order::second,
           .samples = {masked_sizes(1, 2, 1), masked_sizes(4, 3, 2)},
           .large = {masked_sizes(6, 37, 19)},
           .values = {normal(), normal(0, 0.1), normal(), normal(), mask()},
           .corners = Corners::none,
           .tolerance = chained}};
}

const Family lstm_sequence_family(lstm_sequence_rows);

}  // namespace
}  // namespace weft::op_table
