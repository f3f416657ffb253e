// tests/op_table/rows_lstm.cpp: one step of a long short-term memory
#include "autograd/lstm.h"
#include "tests/op_table/row.h"

namespace weft::op_table {
namespace {

const std::vector<Reject> kWrongGates = {{{"gates are [2, 8] float32", "c is [2, 3] float32"},
                                          [] {
                                            lstm_cell_state(zeros({2, 8}), zeros({2, 3}));
                                          }},
                                         {{"int64"},
                                          [] {
                                            lstm_cell_state(zeros({2, 8}, {DType::int64}), zeros({2, 2}));
                                          }},
                                         {{"dtypes differ"},
                                          [] {
                                            lstm_cell_state(zeros({2, 8}), zeros({2, 2}, {DType::float64}));
                                          }},
                                         {{"mask is [2, 1] float32", "c is [2, 2] float32"}, [] {
                                            lstm_cell_state(zeros({2, 8}), zeros({2, 2}), 0, zeros({2, 1}));
                                          }}};

std::vector<Row> lstm_rows() {
  const Tolerance own_exp{2e-6, 1e-12, "exp and tanh of cpu round by themselves, to 3 ulp"};
  return {{.name = "lstm_cell_state forget_bias=1",
           .call = [](const Vars& v) { return lstm_cell_state(v[0], v[1], 1); },
           .order = Order::second,
           .samples = {{S{0, 8}, S{0, 2}}, {S{2, 0}, S{2, 0}}, {S{1, 4}, S{1, 1}}, {S{3, 20}, S{3, 5}}},
           .large = {{S{37, 4 * 131}, S{37, 131}}},
           .values = {normal(0, 3), normal()},
           .tolerance = own_exp,
           .rejects = kWrongGates},
          {.name = "lstm_cell_state mask",
           .call = [](const Vars& v) { return lstm_cell_state(v[0], v[1], 0, v[2].value().to(v[0].dtype()) * 2); },
           .order = Order::second,
           .samples = {{S{1, 4}, S{1, 1}, S{1, 1}}, {S{3, 20}, S{3, 5}, S{3, 5}}},
           .large = {{S{37, 4 * 131}, S{37, 131}, S{37, 131}}},
           .values = {normal(0, 3), normal(), mask()},
           .tolerance = own_exp},
          {.name = "lstm_hidden_state",
           .call = [](const Vars& v) { return lstm_hidden_state(v[0], v[1]); },
           .order = Order::second,
           .samples = {{S{0, 8}, S{0, 2}}, {S{1, 4}, S{1, 1}}, {S{3, 20}, S{3, 5}}},
           .large = {{S{37, 4 * 131}, S{37, 131}}},
           .values = {normal(0, 3), normal()},
           .tolerance = own_exp,
           .rejects = {{{"gates are [8] float32"}, [] { lstm_hidden_state(zeros({8}), zeros({2})); }}}}};
}

const Family lstm_family(lstm_rows);

}  // namespace
}  // namespace weft::op_table
