// tests/op_table/rows_statistics.cpp: logsumexp, variance, norms, and reductions to truth values and counts
#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "autograd/norm.h"
#include "autograd/softmax.h"
#include "autograd/statistics.h"
#include "tests/op_table/row.h"

namespace weft::op_table {

namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

struct AxisCase {
  Axes axes;
  Keep keep;
};
const std::vector<AxisCase> kAxisCases = {{{0}, Keep::no}, {{1, 2}, Keep::dim}, {{}, Keep::no}};

std::string name_with(const std::string& function, const AxisCase& c) {
  return fmt::format("{} axes={}{}", function, to_string(c.axes), c.keep == Keep::dim ? " keep" : "");
}

std::vector<Shapes> samples_for(const AxisCase& c, bool with_empty) {
  std::vector<Shapes> samples = {{S{3, 2, 2}}};
  if (with_empty) samples.insert(samples.begin(), {S{3, 0, 2}});
  if (c.axes.empty()) samples.insert(samples.begin(), {{S{7}}});
  return samples;
}

/// Out of range, twice and not a float: `f` is called with a tensor and axes.
std::vector<Reject> statistic_rejects(Callable<void(const Tensor&, const Axes&)> f) {
  return {{{"axis 2 is out of range", "x is [2, 3] float32", "hint"},
           [f] {
             f(zeros({2, 3}), {2});
           }},
          {{"axis", "twice"},
           [f] {
             f(zeros({2, 3}), {1, -1});
           }},
          {{"floating", "[2] int64"}, [f] { f(zeros({2}, {DType::int64}), {0}); }}};
}

std::vector<Row> logsumexp_rows() {
  std::vector<Row> rows;
  for (const AxisCase& c : kAxisCases)
    rows.push_back({.name = name_with("logsumexp", c),
                    .call = [c](const Vars& v) { return logsumexp(v[0], c.axes, c.keep); },
                    .order = Order::second,
                    .samples = samples_for(c, !c.axes.empty()),
                    .large = {{S{3, 70, 130}}},
                    .values = {normal(0, 4)}});
  rows.front().rejects = statistic_rejects([](const Tensor& x, const Axes& axes) { logsumexp(x, axes); });
  return rows;
}

using Spread = Variable (*)(const Variable&, const Axes&, Keep, int64_t);

std::vector<Row> spread_rows(const std::string& function, Spread f) {
  std::vector<Row> rows;
  for (const AxisCase& c : kAxisCases)
    for (const int64_t correction : {1, 0})
      rows.push_back({.name = name_with(function, c) + fmt::format(" correction={}", correction),
                      .call = [=](const Vars& v) { return f(v[0], c.axes, c.keep, correction); },
                      .order = Order::second,
                      .samples = samples_for(c, false),
                      .large = {{S{3, 70, 130}}},
                      .values = {normal(3, 2)}});
  return rows;
}

Row norm_row(double p, const AxisCase& c) {
  return {.name = name_with(fmt::format("norm p={}", p), c),
          .call = [=](const Vars& v) { return norm(v[0], p, c.axes, c.keep); },
          .order = p == 0 ? Order::first : Order::second,
          .samples = samples_for(c, p >= 0 && std::isfinite(p)),
          .values = {std::isinf(p) ? distinct() : away_from_zero()}};
}

std::vector<Row> norm_rows() {
  std::vector<Row> rows;
  for (const double p : {2.0, 1.0, 0.0, kInf, -kInf, 3.0, 1.5, 0.5, -1.0}) rows.push_back(norm_row(p, kAxisCases[1]));
  rows.push_back(norm_row(2, kAxisCases[0]));
  rows.push_back(norm_row(2.5, kAxisCases[2]));
  rows.front().rejects = statistic_rejects([](const Tensor& x, const Axes& axes) { norm(x, 2, axes); });
  rows.front().rejects.push_back({{"p is NaN", "[2] float32"}, [] { norm(zeros({2}), NAN); }});
  rows.front().rejects.push_back({{"nothing to reduce", "[2, 0] float32", "p inf"}, [] {
                                    norm(zeros({2, 0}), kInf, {1});
                                  }});
  rows.front().rejects.push_back({{"nothing to reduce", "p -1"}, [] { norm(zeros({0}), -1); }});
  return rows;
}

using TensorReduction = Tensor (*)(const Tensor&, const Axes&, Keep);

std::vector<Row> truth_rows(const std::string& function, TensorReduction f) {
  std::vector<Row> rows;
  for (const AxisCase& c : kAxisCases)
    rows.push_back({.name = name_with(function, c),
                    .call = on_tensors([=](const Tensors& t) { return f(t[0], c.axes, c.keep); }),
                    .samples = {{S{3, 0, 2}}, {S{3, 2, 2}}, {S{1, 1, 1}}},
                    .values = {whole(0, 1)},
                    .dtypes = kAll});
  rows.front().rejects = {{{"axis 2 is out of range", "[2, 3] float32"},
                           [f] {
                             f(zeros({2, 3}), {2}, Keep::no);
                           }},
                          {{"twice"}, [f] {
                             f(zeros({2, 3}), {0, 0}, Keep::no);
                           }}};
  return rows;
}

Row position_row(const std::string& function, Tensor (*f)(const Tensor&)) {
  return {.name = function + " of all",
          .call = on_tensors([f](const Tensors& t) { return f(t[0]); }),
          .samples = {{S{}}, {S{5, 7}}, {S{2, 3, 4}}},
          .values = {whole(-5, 5)},
          .dtypes = kAll,
          .rejects = {{{"nothing to reduce", "[2, 0] float32"}, [f] {
                         f(zeros({2, 0}));
                       }}}};
}

std::vector<Row> statistics_rows() {
  std::vector<Row> rows;
  const auto append = [&rows](std::vector<Row> more) {
    for (Row& row : more) rows.push_back(std::move(row));
  };
  append(logsumexp_rows());
  append(spread_rows("var", var));
  rows.back().rejects = statistic_rejects([](const Tensor& x, const Axes& axes) { var(x, axes); });
  append(spread_rows("stddev", stddev));
  rows.back().rejects = statistic_rejects([](const Tensor& x, const Axes& axes) { stddev(x, axes); });
  append(norm_rows());
  append(truth_rows("any", any));
  append(truth_rows("all", all));
  append(truth_rows("count_nonzero", count_nonzero));
  append({position_row("argmax", argmax), position_row("argmin", argmin)});
  return rows;
}

const Family statistics(statistics_rows);

}  // namespace

}  // namespace weft::op_table
