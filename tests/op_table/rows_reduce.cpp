// tests/op_table/rows_reduce.cpp: reductions over every choice of axes
#include <fmt/format.h>

#include "autograd/reduce.h"
#include "tests/op_table/row.h"

namespace weft::op_table {

namespace {

using Reduction = Variable (*)(const Variable&, const Axes&, Keep);
using TensorReduction = Tensor (*)(const Tensor&, const Axes&, Keep);
using ArgReduction = Tensor (*)(const Tensor&, int64_t, Keep);

const std::vector<Shapes> kThreeAxes = {{S{1, 1, 1}}, {S{5, 1, 7}}, {S{3, 7, 2}}, {S{2, 3, 4}}};
const std::vector<Shapes> kWholes = {{S{}}, {S{1}}, {S{31}}, {S{5, 7}}};

struct Case {
  Axes axes;
  Keep keep;
};
const std::vector<Case> kCases = {{{0}, Keep::no},    {{-1}, Keep::no},      {{1}, Keep::dim}, {{0, 2}, Keep::dim},
                                  {{2, 1}, Keep::no}, {{0, 1, 2}, Keep::no}, {{}, Keep::no},   {{}, Keep::dim}};

std::string name_for(const std::string& function, const Case& c) {
  return fmt::format("{} axes={}{}", function, to_string(c.axes), c.keep == Keep::dim ? " keep" : "");
}

Row reduction_row(const std::string& function, Reduction f, const Case& c, Values values) {
  return {.name = name_for(function, c),
          .call = [f, c](const Vars& v) { return f(v[0], c.axes, c.keep); },
          .order = Order::second,
          .samples = kThreeAxes,
          .values = {values}};
}

std::vector<Reject> rejects_of(TensorReduction f) {
  return {{{"axis 2 is out of range", "x is [2, 3] float32", "hint"},
           [f] {
             f(zeros({2, 3}), {2}, Keep::no);
           }},
          {{"axis -3 is out of range"},
           [f] {
             f(zeros({2, 3}), {-3}, Keep::no);
           }},
          {{"axis", "twice"}, [f] {
             f(zeros({2, 3}), {1, -1}, Keep::no);
           }}};
}

/// sum and mean: terms cancel, so the error is measured against the sum of magnitudes.
std::vector<Row> additive_rows(const std::string& function, Reduction f, TensorReduction on_tensor) {
  std::vector<Row> rows;
  for (const Case& c : kCases) {
    Row row = reduction_row(function, f, c, normal());
    row.scale = Scale::absolute_inputs;
    row.large = {{S{300, 257, 3}}, {S{2, 3, 35000}}, {S{129, 128, 2}}};
    if (c.axes.empty()) row.samples.insert(row.samples.begin(), kWholes.begin(), kWholes.end());
    else row.samples.insert(row.samples.begin(), {S{3, 0, 2}});
    rows.push_back(std::move(row));
  }
  rows.front().rejects = rejects_of(on_tensor);
  return rows;
}

std::vector<Row> extreme_rows(const std::string& function, Reduction f, TensorReduction on_tensor) {
  std::vector<Row> rows;
  for (const Case& c : kCases) {
    Row row = reduction_row(function, f, c, distinct());
    row.dtypes = kNumbers;
    row.large = {{S{300, 257, 3}}, {S{2, 3, 35000}}};
    if (c.axes.empty()) row.samples.insert(row.samples.begin(), kWholes.begin(), kWholes.end());
    rows.push_back(std::move(row));
  }
  rows.front().rejects = rejects_of(on_tensor);
  rows.front().rejects.push_back({{"[2, 0]", "float32"}, [on_tensor] { on_tensor(zeros({2, 0}), {1}, Keep::no); }});
  return rows;
}

std::vector<Row> product_rows() {
  std::vector<Row> rows;
  for (const Case& c : kCases) rows.push_back(reduction_row("prod", prod, c, uniform(0.5, 1.5)));
  for (const Case& c : kCases) {  // zeros: none, one or several among the factors of a product
    Row row = reduction_row("prod", prod, c, whole(-1, 2));
    row.name += " with zeros";
    if (c.axes.empty()) row.samples.insert(row.samples.begin(), kWholes.begin(), kWholes.end());
    else row.samples.insert(row.samples.begin(), {S{3, 0, 2}});
    rows.push_back(std::move(row));
  }
  rows.front().rejects = rejects_of(prod);
  return rows;
}

Row integer_row(const std::string& function, TensorReduction f, Values values, std::vector<DType> dtypes) {
  return {.name = function + " of integers",
          .call = on_tensors([f](const Tensors& t) { return f(t[0], {1}, Keep::no); }),
          .samples = {{S{3, 0, 2}}, {S{1, 1, 1}}, {S{5, 17, 3}}},
          .values = {values},
          .dtypes = std::move(dtypes)};
}

Row arg_row(const std::string& function, ArgReduction f, int64_t axis) {
  return {.name = fmt::format("{} axis={}", function, axis),
          .call = on_tensors([f, axis](const Tensors& t) { return f(t[0], axis, Keep::no); }),
          .samples = {{S{1, 1}}, {S{129, 2}}, {S{7, 5}}, {S{128, 3}}, {S{2, 3, 4}}},
          .large = {{S{3, 70000}}, {S{300, 257}}},
          .values = {whole(-5, 5)},
          .dtypes = kAll,
          .rejects = {{{"axis 2 is out of range", "x is [2, 3] float32", "hint"},
                       [f] {
                         f(zeros({2, 3}), 2, Keep::no);
                       }},
                      {{"[2, 0]"}, [f] {
                         f(zeros({2, 0}), 1, Keep::no);
                       }}}};
}

Row sum_to_size_row(const Shape& to, std::vector<Shapes> samples) {
  Row row{.name = "sum_to_size " + to_string(to),
          .call = [to](const Vars& v) { return sum_to_size(v[0], to); },
          .order = Order::second,
          .samples = std::move(samples)};
  row.scale = Scale::absolute_inputs;
  row.dtypes = kAll;
  row.rejects = {{{"[2, 3]", "[2, 4]"}, [] { sum_to_size(zeros({2, 3}), {2, 4}); }}};
  return row;
}

std::vector<Row> reduce_rows() {
  std::vector<Row> rows;
  const auto append = [&rows](std::vector<Row> more) {
    for (Row& row : more) rows.push_back(std::move(row));
  };
  append(additive_rows("sum", sum, sum));
  append(additive_rows("mean", mean, mean));
  rows.back().rejects = {{{"int64"}, [] { mean(zeros({2}, {DType::int64})); }}};
  append(extreme_rows("max", max, max));
  append(extreme_rows("min", min, min));
  append(product_rows());
  append({integer_row("sum", sum, whole(-9, 9), kAll), integer_row("prod", prod, whole(-2, 2), kAll),
          arg_row("argmax", argmax, 0), arg_row("argmax", argmax, -1), arg_row("argmin", argmin, 1),
          sum_to_size_row({}, {{S{}}, {S{5}}, {S{7, 5}}}),
          sum_to_size_row({3, 1}, {{S{3, 1}}, {S{3, 5}}, {S{2, 3, 0}}, {S{2, 3, 4}}}),
          sum_to_size_row({4}, {{S{4}}, {S{0, 4}}, {S{2, 3, 4}}})});
  return rows;
}

const Family reductions(reduce_rows);

}  // namespace

}  // namespace weft::op_table
