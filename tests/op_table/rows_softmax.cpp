// tests/op_table/rows_softmax.cpp: softmax, log_softmax and the loss built on them
#include "autograd/softmax.h"
#include "tests/op_table/row.h"

namespace weft::op_table {

namespace {

using Softmax = Variable (*)(const Variable&, int64_t);
using TensorSoftmax = Tensor (*)(const Tensor&, int64_t);

Row softmax_row(const std::string& function, Softmax f, TensorSoftmax on_tensor, int64_t axis, std::vector<Shapes> s) {
  return {.name = function + " axis=" + std::to_string(axis),
          .call = [f, axis](const Vars& v) { return f(v[0], axis); },
          .order = Order::second,
          .samples = std::move(s),
          .large = {{S{7, 1031}}, {S{300, 257}}, {S{3, 128, 129}}},
          .values = {normal(0, 4)},
          .rejects = {{{"axis 2 is out of range: x is [7, 3] float32", "; hint: use -2..1"},
                       [=] {
                         on_tensor(zeros({7, 3}), 2);
                       }},
                      {{"int64"}, [=] {
                         on_tensor(zeros({7, 3}, {DType::int64}), 1);
                       }}}};
}

std::vector<Row> softmax_rows(const std::string& function, Softmax f, TensorSoftmax on_tensor) {
  return {softmax_row(function, f, on_tensor, -1,
                      {{S{1}}, {S{129}}, {S{1, 1}}, {S{3, 0}}, {S{0, 3}}, {S{2, 3, 4}}, {S{7, 13}}}),
          softmax_row(function, f, on_tensor, 0, {{S{0, 3}}, {S{127}}, {S{1, 3}}, {S{7, 5}}, {S{5, 2, 3}}}),
          softmax_row(function, f, on_tensor, 1, {{S{3, 1}}, {S{2, 5, 3}}, {S{7, 5}}})};
}

Row cross_entropy_row() {
  const auto target = [](std::initializer_list<int64_t> classes) { return tensor<int64_t>(classes); };
  return {.name = "softmax_cross_entropy",
          .call = [](const Vars& v) { return softmax_cross_entropy(v[0], v[1].value()); },
          .order = Order::second,
          .samples = {{S{0, 3}, S{0}}, {S{1, 3}, S{1}}, {S{7, 13}, S{7}}, {S{5, 3}, S{5}}},
          .large = {{S{129, 1031}, S{129}}},
          .values = {normal(0, 4), index(3)},
          .rejects = {{{"target[1] = 3", "3 classes"},
                       [=] {
                         softmax_cross_entropy(zeros({2, 3}), target({0, 3}));
                       },
                       "cross_entropy"},
                      {{"target[1] = -1"},
                       [=] {
                         softmax_cross_entropy(zeros({2, 3}), target({0, -1}));
                       },
                       "cross_entropy"},
                      {{"[2, 3]", "[3]"},
                       [=] {
                         softmax_cross_entropy(zeros({2, 3}), target({0, 1, 2}));
                       },
                       "cross_entropy"},
                      {{"int64", "float32"},
                       [=] {
                         softmax_cross_entropy(zeros({2, 3}), zeros({2}));
                       },
                       "cross_entropy"},
                      {{"[3]"},
                       [=] {
                         softmax_cross_entropy(zeros({3}), target({0, 1, 2}));
                       },
                       "cross_entropy"}}};
}

// Scores that are large together: only their distances matter.
Row large_scores_row() {
  return {.name = "log_softmax of large scores",
          .call = on_tensors([](const Tensors& t) { return log_softmax(t[0], -1); }),
          .samples = {{S{7, 13}}, {S{5, 129}}},
          .values = {normal(1e6, 3)}};
}

// Log-probabilities that lie far apart: naive log(softmax) would give -inf.
Row far_apart_row() {
  return {.name = "log_softmax far apart",
          .call = on_tensors([](const Tensors& t) { return log_softmax(t[0], -1); }),
          .samples = {{S{7, 13}}, {S{5, 129}}},
          .values = {normal(0, 300)}};
}

std::vector<Row> softmax_rows() {
  std::vector<Row> rows = softmax_rows("softmax", softmax, softmax);
  for (Row& row : rows) row.repeated = "all may be nearly one-hot, where the terms of the derivative cancel";
  for (Row& row : softmax_rows("log_softmax", log_softmax, log_softmax)) rows.push_back(std::move(row));
  rows.push_back(cross_entropy_row());
  rows.push_back(far_apart_row());
  rows.push_back(large_scores_row());
  return rows;
}

const Family softmaxes(softmax_rows);

}  // namespace

}  // namespace weft::op_table
