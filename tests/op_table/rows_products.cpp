// tests/op_table/rows_products.cpp: products of vectors and matrices by name
#include "autograd/products.h"
#include "tests/op_table/row.h"

namespace weft::op_table {

namespace {

using Product = Variable (*)(const Variable&, const Variable&);

Row product_row(const std::string& name, Product f, std::vector<Shapes> samples, std::vector<Shapes> wrong) {
  Row row{.name = name,
          .call = [f](const Vars& v) { return f(v[0], v[1]); },
          .order = Order::second,
          .samples = std::move(samples),
          .scale = Scale::absolute_inputs};
  for (const Shapes& s : wrong)
    row.rejects.push_back({{to_string(s[0]) + " float32"}, [=] { f(zeros(s[0]), zeros(s[1])); }});
  const Shapes good = row.samples.back();
  row.rejects.push_back({{"dtypes differ"}, [=] { f(zeros(good[0]), zeros(good[1], {DType::float64})); }});
  row.rejects.push_back({{"floating"}, [=] { f(zeros(good[0], {DType::int64}), zeros(good[1], {DType::int64})); }});
  return row;
}

std::vector<Row> named() {
  return {product_row("dot", dot, {{S{0}, S{0}}, {S{5}, S{5}}}, {{S{2}, S{3}}, {S{2, 3}, S{3}}}),
          product_row("mv", mv, {{S{2, 0}, S{0}}, {S{3, 4}, S{4}}}, {{S{2, 3}, S{2}}, {S{3}, S{3}}}),
          product_row("mm", mm, {{S{2, 0}, S{0, 3}}, {S{3, 4}, S{4, 2}}}, {{S{2, 3}, S{2, 3}}, {S{1, 2, 3}, S{3, 2}}}),
          product_row("bmm", bmm, {{S{0, 2, 3}, S{0, 3, 2}}, {S{2, 3, 4}, S{2, 4, 2}}},
                      {{S{2, 2, 3}, S{2, 2, 3}}, {S{1, 2, 3}, S{2, 3, 2}}, {S{2, 3}, S{3, 2}}})};
}

Row add_row(std::string name, Call call, std::vector<Shapes> samples) {
  return {.name = std::move(name),
          .call = std::move(call),
          .order = Order::second,
          .samples = std::move(samples),
          .scale = Scale::absolute_inputs};
}

std::vector<Row> added() {
  const std::vector<Shapes> matrices = {
      {S{2}, S{3, 0}, S{0, 2}}, {S{1, 2}, S{3, 4}, S{4, 2}}, {S{3, 2}, S{3, 4}, S{4, 2}}};
  const std::vector<Shapes> batches = {{S{3, 1}, S{2, 3, 4}, S{2, 4, 2}}, {S{2, 3, 2}, S{2, 3, 4}, S{2, 4, 2}}};
  Row plain = add_row(
      "addmm", [](const Vars& v) { return addmm(v[0], v[1], v[2]); }, matrices);
  plain.rejects = {{{"cannot broadcast [4] with [3, 2]"},
                    [] {
                      addmm(zeros({4}), zeros({3, 4}), zeros({4, 2}));
                    }},
                   {{"cannot broadcast [5, 3, 2] to [3, 2]"},
                    [] {
                      addmm(zeros({5, 3, 2}), zeros({3, 4}), zeros({4, 2}));
                    }},
                   {{"a is [3, 4] float32", "b is [2, 4] float32"},
                    [] {
                      addmm(zeros({2}), zeros({3, 4}), zeros({2, 4}));
                    }},
                   {{"dtypes differ", "float64"}, [] {
                      addmm(zeros({2}, {DType::float64}), zeros({3, 4}), zeros({4, 2}));
                    }}};
  Row batched = add_row(
      "baddbmm", [](const Vars& v) { return baddbmm(v[0], v[1], v[2]); }, batches);
  batched.rejects = {{{"a needs 3 axes", "[3, 4] float32"}, [] { baddbmm(zeros({2}), zeros({3, 4}), zeros({4, 2})); }}};
  return {plain,
          add_row(
              "addmm weighted", [](const Vars& v) { return addmm(v[0], v[1], v[2], 0.5, 2); }, matrices),
          batched,
          add_row(
              "baddbmm weighted", [](const Vars& v) { return baddbmm(v[0], v[1], v[2], 0.5, 2); }, batches)};
}

std::vector<Row> others() {
  Row outer_row{.name = "outer",
                .call = [](const Vars& v) { return outer(v[0], v[1]); },
                .order = Order::second,
                .samples = {{S{0}, S{3}}, {S{3}, S{2}}},
                .dtypes = kNumbers,
                .rejects = {{{"b needs 1 axes", "[2, 3]"}, [] {
                               outer(zeros({2}), zeros({2, 3}));
                             }}}};
  Row kron_row{.name = "kron",
               .call = [](const Vars& v) { return kron(v[0], v[1]); },
               .order = Order::second,
               .samples = {{S{}, S{2}}, {S{2, 0}, S{2}}, {S{2}, S{3, 2}}, {S{2, 3}, S{3, 2}}},
               .dtypes = kNumbers,
               .rejects = {{{"at most 4 axes", "[1, 1, 1, 1, 1]"}, [] {
                              kron(zeros({1, 1, 1, 1, 1}), zeros({2}));
                            }}}};
  Row trace_row{.name = "trace",
                .call = [](const Vars& v) { return trace(v[0]); },
                .order = Order::second,
                .samples = {{S{0, 2}}, {S{1, 1}}, {S{2, 4}}, {S{4, 3}}},
                .dtypes = kAll,
                .rejects = {{{"x needs 2 axes", "[2, 3, 3]"}, [] {
                               trace(zeros({2, 3, 3}));
                             }}}};
  return {outer_row, kron_row, trace_row};
}

const Family products(named), sums(added), rest(others);

}  // namespace

}  // namespace weft::op_table
