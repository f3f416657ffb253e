// tests/op_table/rows_sort.cpp: sorting, searching and counting; NaN is the largest, equals keep their order
#include <fmt/format.h>

#include <limits>

#include "autograd/sort.h"
#include "tests/op_table/row.h"

namespace weft::op_table {

namespace {

const std::vector<Shapes> kSamples = {{S{2, 1}}, {S{3, 0}}, {S{3, 5}}, {S{2, 4, 3}}};

std::string with_order(const std::string& function, int64_t axis, SortOrder order) {
  return fmt::format("{} axis={}{}", function, axis, order == SortOrder::descending ? " descending" : "");
}

Row sort_row(int64_t axis, SortOrder order) {
  return {.name = with_order("sort", axis, order),
          .call = [=](const Vars& v) { return sort(v[0], axis, order).values; },
          .order = Order::second,
          .samples = kSamples,
          .large = {{S{300, 131}}},
          .values = {distinct()},
          .dtypes = kAll};
}

Row argsort_row(int64_t axis, SortOrder order) {
  return {.name = with_order("argsort", axis, order),
          .call = on_tensors([=](const Tensors& t) { return argsort(t[0], axis, order); }),
          .samples = kSamples,
          .large = {{S{300, 131}}},
          .values = {whole(-3, 3)},
          .dtypes = kAll};
}

Row topk_row(int64_t count, int64_t axis, SortOrder order) {
  return {.name = with_order(fmt::format("topk {}", count), axis, order),
          .call = [=](const Vars& v) { return topk(v[0], count, axis, order).values; },
          .order = Order::second,
          .samples = {{S{3, 3}}, {S{2, 5, 3}}, {S{3, 5}}},
          .large = {{S{31, 700}}},
          .values = {distinct()},
          .dtypes = kAll};
}

template <class Part>
Row unique_row(const std::string& part, Part part_of) {
  return {.name = "unique " + part,
          .call = on_tensors([=](const Tensors& t) { return part_of(unique(t[0])); }),
          .samples = {{S{}}, {S{0}}, {S{1}}, {S{31}}, {S{5, 7}}},
          .values = {whole(-5, 5)},
          .dtypes = kAll};
}

Row searchsorted_row(Side side, std::vector<Shapes> samples, const std::string& tail) {
  return {.name = fmt::format("searchsorted {}{}", side == Side::left ? "left" : "right", tail),
          .call = on_tensors([=](const Tensors& t) { return searchsorted(sort(t[0]).values, t[1], side); }),
          .samples = std::move(samples),
          .values = {whole(-5, 5)},
          .dtypes = kAll};
}

std::vector<Row> counting_rows() {
  const auto numbers = [](std::initializer_list<int64_t> values) { return tensor<int64_t>(values); };
  Row counts{.name = "bincount",
             .call = on_tensors([](const Tensors& t) { return bincount(t[0], 4); }),
             .samples = {{S{0}}, {S{1}}, {S{129}}},
             .values = {index(7)},
             .dtypes = {DType::float32}};
  counts.rejects = {{{"x holds -1", "[2] int64"},
                     [=] {
                       bincount(numbers({0, -1}));
                     }},
                    {{"9223372036854775807", "too large"}, [=] { bincount(numbers({INT64_MAX})); }},
                    {{"int64", "[2] float32"}, [] { bincount(zeros({2})); }},
                    {{"[2, 2] int64"},
                     [] {
                       bincount(zeros({2, 2}, {DType::int64}));
                     }},
                    {{"at_least is -1"}, [=] { bincount(numbers({1}), -1); }}};
  Row weighted{.name = "bincount weighted",
               .call = on_tensors([](const Tensors& t) { return bincount(t[0], t[1]); }),
               .samples = {{S{0}, S{0}}, {S{129}, S{129}}},
               .values = {index(7), normal()},
               .dtypes = kNumbers,
               .scale = Scale::absolute_inputs};
  weighted.rejects = {{{"[1] float32", "[2] int64", "hint"},
                       [=] {
                         bincount(numbers({0, 1}), zeros({1}));
                       }},
                      {{"[1] bool"}, [=] { bincount(numbers({0}), zeros({1}, {DType::boolean})); }}};
  Row bins{.name = "histc",
           .call = on_tensors([](const Tensors& t) { return histc(t[0], 7, -1.5, 2); }),
           .samples = {{S{0}}, {S{}}, {S{31}}, {S{5, 7}}},
           .large = {{S{30000}}}};
  constexpr double kInf = std::numeric_limits<double>::infinity();
  bins.rejects = {{{"bins is 0"}, [] { histc(zeros({2}), 0); }},
                  {{"[2, 1]", "rising"}, [] { histc(zeros({2}), 3, 2, 1); }},
                  {{"[inf, inf]", "finite"}, [=] { histc(full({2}, kInf), 3); }},
                  {{"int64"}, [=] { histc(numbers({1}), 3); }}};
  Row own_range{.name = "histc range of x",
                .call = on_tensors([](const Tensors& t) { return histc(t[0], 5); }),
                .samples = {{S{0}}, {S{1}}, {S{129}}},
                .corners = Corners::none};
  return {counts, weighted, bins, own_range};
}

std::vector<Row> sort_rows() {
  std::vector<Row> rows = counting_rows();
  for (const int64_t axis : {0, -1})
    for (const SortOrder order : {SortOrder::ascending, SortOrder::descending}) {
      rows.push_back(sort_row(axis, order));
      rows.push_back(argsort_row(axis, order));
    }
  rows.back().rejects = {{{"axis 1 is out of range", "[3] float32"}, [] { argsort(zeros({3}), 1); }}};
  rows[4].rejects = {{{"axis 2 is out of range", "[3, 2] float32", "hint"},
                      [] {
                        sort(zeros({3, 2}), 2);
                      }},
                     {{"[] float32", "no axes"}, [] { sort(scalar(1), 1); }}};
  Row topk1 = topk_row(3, -1, SortOrder::descending);
  topk1.rejects = {{{"count 4 is not in 0..3", "x is [2, 3] float32"},
                    [] {
                      topk(zeros({2, 3}), 4);
                    }},
                   {{"count -1"},
                    [] {
                      topk(zeros({2, 3}), -1);
                    }},
                   {{"axis -3"}, [] {
                      topk(zeros({2, 3}), 1, -3);
                    }}};
  Row search =
      searchsorted_row(Side::left, {{S{0}, S{3}}, {S{1}, S{}}, {S{31}, S{0}}, {S{8}, S{2, 5}}, {S{7}, S{9}}}, "");
  search.rejects = {{{"[3, 2] float32", "[2, 2] float32", "hint"},
                     [] {
                       searchsorted(zeros({3, 2}), zeros({2, 2}));
                     }},
                    {{"[] float32"}, [] { searchsorted(scalar(1), scalar(1)); }},
                    {{"float32", "float64"}, [] { searchsorted(zeros({3}), zeros({2}, {DType::float64})); }}};
  for (Row& row : std::vector<Row>{
           topk1, topk_row(0, 1, SortOrder::descending), topk_row(2, 0, SortOrder::ascending),
           unique_row("values", [](const Unique& u) { return u.values; }),
           unique_row("inverse", [](const Unique& u) { return u.inverse; }),
           unique_row("counts", [](const Unique& u) { return u.counts; }), search,
           searchsorted_row(Side::right, {{S{31}, S{9}}, {S{7}, S{3, 5}}}, ""),
           searchsorted_row(Side::right, {{S{3, 0}, S{3, 4}}, {S{3, 5}, S{3, 0}}, {S{2, 3, 5}, S{2, 3, 4}}}, " rows")})
    rows.push_back(std::move(row));
  return rows;
}

const Family sorting(sort_rows);

}  // namespace

}  // namespace weft::op_table
