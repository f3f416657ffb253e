// tests/op_table/rows_indexing.cpp: reading and adding at computed positions, with indices that repeat
#include "autograd/indexing.h"
#include "tests/op_table/row.h"

namespace weft::op_table {

namespace {

Row gather_row(int64_t axis, int64_t bound, std::vector<Shapes> samples) {
  return {.name = "gather axis=" + std::to_string(axis),
          .call = [axis](const Vars& v) { return gather(v[0], axis, v[1].value()); },
          .order = Order::second,
          .samples = std::move(samples),
          .values = {normal(), index(bound)},
          .dtypes = kStored};
}

Row scatter_row(int64_t axis, int64_t bound, std::vector<Shapes> samples) {
  return {.name = "scatter_add axis=" + std::to_string(axis),
          .call = [axis](const Vars& v) { return scatter_add(v[0], axis, v[1].value(), v[2]); },
          .order = Order::second,
          .samples = std::move(samples),
          .values = {normal(), index(bound), normal()},
          .dtypes = kNumbers,
          .scale = Scale::absolute_inputs};
}

Row ungather_row(int64_t axis, int64_t bound, const Shape& shape, std::vector<Shapes> samples) {
  return {.name = "ungather axis=" + std::to_string(axis),
          .call = [=](const Vars& v) { return ungather(v[0], axis, v[1].value(), shape); },
          .order = Order::second,
          .samples = std::move(samples),
          .values = {normal(), index(bound)},
          .dtypes = kNumbers,
          .scale = Scale::absolute_inputs};
}

Row select_row(int64_t axis, int64_t bound, std::vector<Shapes> samples) {
  return {.name = "index_select axis=" + std::to_string(axis),
          .call = [axis](const Vars& v) { return index_select(v[0], axis, v[1].value()); },
          .order = Order::second,
          .samples = std::move(samples),
          .values = {normal(), index(bound)},
          .dtypes = kStored};
}

Tensor at(std::initializer_list<int64_t> values, const Shape& shape) { return tensor<int64_t>(values, shape); }

std::vector<Row> indexing_rows() {
  Row gather1 =
      gather_row(1, 4, {{S{1, 4}, S{1, 1}}, {S{3, 4}, S{3, 0}}, {S{7, 5}, S{7, 9}}, {S{2, 4, 3}, S{2, 6, 3}}});
  gather1.large = {{S{300, 257}, S{300, 130}}};
  gather1.rejects = {{{"index[1, 0] = 3", "axis 1 of x has 3"},
                      [] {
                        gather(zeros({2, 3}), 1, at({0, 3}, {2, 1}));
                      }},
                     {{"index[1, 0] = -1"},
                      [] {
                        gather(zeros({2, 3}), 1, at({0, -1}, {2, 1}));
                      }},
                     {{"int64", "float32"},
                      [] {
                        gather(zeros({2, 3}), 1, zeros({2, 1}));
                      }},
                     {{"[2, 3]", "[2]"},
                      [] {
                        gather(zeros({2, 3}), 1, at({0, 1}, {2}));
                      }},
                     {{"axis 2 is out of range"}, [] {
                        gather(zeros({2, 3}), 2, at({0, 1}, {2, 1}));
                      }}};
  Row scatter0 = scatter_row(0, 3,
                             {{S{3}, S{1}, S{1}},
                              {S{3}, S{0}, S{0}},
                              {S{3}, S{129}, S{129}},
                              {S{3, 5}, S{7, 5}, S{7, 5}},
                              {S{4, 2, 3}, S{5, 2, 3}, S{5, 2, 3}}});
  scatter0.large = {{S{3, 257}, S{300, 257}, S{300, 257}}};
  scatter0.rejects = {
      {{"index[1] = 3", "axis 0 of x has 3"},
       [] {
         scatter_add(zeros({3}), 0, at({0, 3}, {2}), zeros({2}));
       }},
      {{"[2]", "[1]"},
       [] {
         scatter_add(zeros({3}), 0, at({0, 1}, {2}), zeros({1}));
       }},
      {{"float32", "float64"}, [] { scatter_add(zeros({3}), 0, at({0}, {1}), zeros({1}, {DType::float64})); }}};
  Row ungather0 =
      ungather_row(0, 3, {3, 4}, {{S{1, 1}, S{1, 1}}, {S{0, 4}, S{0, 4}}, {S{6, 4}, S{6, 4}}, {S{129, 2}, S{129, 2}}});
  ungather0.rejects = {
      {{"index[1] = 3 is out of range: axis 0 of the result has 3"},
       [] {
         ungather(zeros({2}), 0, at({0, 3}, {2}), {3});
       }},
      {{"index[1, 0] = -1"},
       [] {
         ungather(zeros({2, 2}), 1, at({0, 1, -1, 2}, {2, 2}), {2, 2});
       }},
      {{"[2]", "[1]"},
       [] {
         ungather(zeros({1}), 0, at({0, 1}, {2}), {3});
       }},
      {{"int64", "float32"}, [] { ungather(zeros({1}), 0, zeros({1}), {3}); }},
      {{"axis 1 is out of range"}, [] { ungather(zeros({1}), 1, at({0}, {1}), {3}); }},
      {{"[-1] has a negative size"}, [] { ungather(zeros({1}), 0, at({0}, {1}), {-1}); }},
      {{"needs numbers", "bool"}, [] { ungather(zeros({1}, {DType::boolean}), 0, at({0}, {1}), {3}); }}};
  Row select0 = select_row(0, 3, {{S{3}, S{1}}, {S{3, 2}, S{0}}, {S{7, 5}, S{9}}, {S{3, 2, 4}, S{5}}});
  select0.large = {{S{300, 257}, S{1000}}};
  select0.rejects = {{{"index[1] = 3", "[3, 2]"},
                      [] {
                        index_select(zeros({3, 2}), 0, at({0, 3}, {2}));
                      }},
                     {{"int64", "float32"}, [] {
                        index_select(zeros({3, 2}), 0, zeros({1}));
                      }}};
  return {gather_row(0, 3, {{S{3}, S{1}}, {S{3}, S{129}}, {S{7, 5}, S{9, 5}}, {S{3, 2, 4}, S{5, 2, 4}}}),
          gather1,
          ungather0,
          ungather_row(-1, 4, {3, 4}, {{S{3, 6}, S{3, 6}}}),
          gather_row(-1, 5, {{S{5}, S{7}}, {S{7, 5}, S{7, 1}}, {S{2, 3, 5}, S{2, 2, 3}}}),
          scatter0,
          scatter_row(1, 4, {{S{3, 4}, S{3, 6}, S{3, 6}}, {S{2, 4, 3}, S{2, 5, 3}, S{2, 5, 3}}}),
          select0,
          select_row(1, 4, {{S{3, 4}, S{6}}, {S{2, 4, 3}, S{5}}})};
}

const Family indexing(indexing_rows);

}  // namespace

}  // namespace weft::op_table
