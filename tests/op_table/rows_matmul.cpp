// tests/op_table/rows_matmul.cpp: matrix products
#include "autograd/matmul.h"
#include "tests/op_table/row.h"

namespace weft::op_table {

namespace {

std::vector<Reject> matmul_rejects() {
  return {{{"inner sizes differ", "[2, 3]", "[2, 3]", "hint"},
           [] {
             matmul(zeros({2, 3}), zeros({2, 3}));
           }},
          {{"[]"}, [] { matmul(zeros({}), zeros({3})); }},
          {{"[2]", "[3]"}, [] { matmul(zeros({2}), zeros({3})); }},
          {{"float32", "float64"},
           [] {
             matmul(zeros({2, 3}), zeros({3, 2}, {DType::float64}));
           }},
          {{"int64"},
           [] {
             matmul(zeros({2, 3}, {DType::int64}), zeros({3, 2}, {DType::int64}));
           }},
          {{"cannot broadcast", "[2]", "[5]", "a is [2, 4, 3] float32", "b is [5, 3, 4] float32"}, [] {
             matmul(zeros({2, 4, 3}), zeros({5, 3, 4}));
           }}};
}

Row matmul_row(std::string name, std::vector<Shapes> samples) {
  return {.name = "matmul " + std::move(name),
          .call = [](const Vars& v) { return matmul(v[0], v[1]); },
          .order = Order::second,
          .samples = std::move(samples),
          .scale = Scale::absolute_inputs};
}

std::vector<Row> matmul_rows() {
  Row matrices = matmul_row("matrices", {{S{1, 1}, S{1, 1}},
                                         {S{0, 3}, S{3, 2}},
                                         {S{2, 0}, S{0, 3}},
                                         {S{1, 129}, S{129, 1}},
                                         {S{7, 1}, S{1, 5}},
                                         {S{17, 3}, S{3, 2}},
                                         {S{7, 5}, S{5, 3}}});
  matrices.large = {
      {S{300, 257}, S{257, 129}}, {S{127, 128}, S{128, 129}}, {S{513, 2}, S{2, 3}}, {S{65, 65}, S{65, 65}}};
  matrices.rejects = matmul_rejects();
  Row batched = matmul_row("batched", {{S{2, 3, 4}, S{2, 4, 5}}, {S{0, 3, 4}, S{0, 4, 5}}, {S{3, 1, 2}, S{3, 2, 1}}});
  batched.large = {{S{5, 67, 65}, S{5, 65, 70}}};
  Row broadcast =
      matmul_row("broadcast",
                 {{S{3, 4}, S{2, 4, 5}}, {S{2, 3, 4}, S{4, 5}}, {S{2, 1, 3, 4}, S{3, 4, 2}}, {S{1, 3, 4}, S{2, 4, 5}}});
  broadcast.large = {{S{4, 33, 65}, S{65, 70}}, {S{33, 65}, S{3, 65, 70}}};
  Row vectors = matmul_row("vectors", {{S{1}, S{1}},
                                       {S{129}, S{129}},
                                       {S{0}, S{0}},
                                       {S{5}, S{5, 3}},
                                       {S{7, 5}, S{5}},
                                       {S{2, 3, 4}, S{4}},
                                       {S{4}, S{2, 4, 5}}});
  vectors.large = {{S{17}, S{17, 300}}, {S{300, 257}, S{257}}};
  Row deep = matmul_row("deep", {{S{3, 50}, S{50, 2}}});
  deep.large = {{S{1, 1000}, S{1000, 67}},
                {S{31, 700}, S{700, 33}},
                {S{1000}, S{1000, 67}},
                {S{67}, S{67, 300}},
                {S{70000}, S{70000}}};
  deep.tolerance = {5e-5, 5e-12,
                    "equal terms (expanded inputs) round the same way: the error grows with k, not sqrt(k)"};
  return {matrices, batched, broadcast, vectors, deep};
}

std::vector<Row> linear_rows() {
  Row plain{.name = "linear",
            .call = [](const Vars& v) { return linear(v[0], v[1]); },
            .order = Order::second,
            .samples = {{S{0, 3}, S{2, 3}}, {S{3}, S{2, 3}}, {S{2, 3, 4}, S{5, 4}}, {S{7, 5}, S{3, 5}}},
            .large = {{S{300, 257}, S{129, 257}}},
            .scale = Scale::absolute_inputs};
  Row with_bias = plain;
  with_bias.name = "linear bias";
  with_bias.call = [](const Vars& v) { return linear(v[0], v[1], v[2]); };
  with_bias.samples = {{S{0, 3}, S{2, 3}, S{2}},
                       {S{3}, S{2, 3}, S{2}},
                       {S{1, 129}, S{1, 129}, S{1}},
                       {S{2, 3, 4}, S{5, 4}, S{5}},
                       {S{7, 5}, S{3, 5}, S{3}}};
  with_bias.large = {{S{300, 257}, S{129, 257}, S{129}}};
  with_bias.rejects = {{{"[2, 3]", "[4, 5]"},
                        [] {
                          linear(zeros({2, 3}), zeros({4, 5}), zeros({4}));
                        }},
                       {{"[5]", "bias"},
                        [] {
                          linear(zeros({2, 3}), zeros({4, 3}), zeros({5}));
                        }},
                       {{"float32", "float64"}, [] {
                          linear(zeros({2, 3}), zeros({4, 3}, {DType::float64}), zeros({4}));
                        }}};
  return {plain, with_bias};
}

std::vector<Row> matrix_products() {
  std::vector<Row> rows = matmul_rows();
  for (Row& row : linear_rows()) rows.push_back(std::move(row));
  return rows;
}

const Family matmuls(matrix_products);

}  // namespace

}  // namespace weft::op_table
