// tests/op_table/rows_index_write.cpp: writing at computed positions, with indices that repeat, and reading by masks
#include "autograd/embedding.h"
#include "autograd/indexing.h"
#include "tests/op_table/row.h"

namespace weft::op_table {

namespace {

Tensor indices(std::initializer_list<int64_t> values, std::optional<Shape> shape = {}) {
  return tensor<int64_t>(values, shape);
}

/// x, index, source.
Row write_row(std::string name, Call call, int64_t bound, std::vector<Shapes> samples, std::vector<Reject> rejects) {
  return {.name = std::move(name),
          .call = std::move(call),
          .order = Order::second,
          .samples = std::move(samples),
          .values = {normal(), index(bound), normal()},
          .dtypes = kStored,
          .rejects = std::move(rejects)};
}

std::vector<Row> scatter_rows() {
  Row scatter0 =
      write_row("scatter axis=0", [](const Vars& v) { return scatter(v[0], 0, v[1].value(), v[2]); }, 3,
                {{S{3}, S{1}, S{1}}, {S{3}, S{0}, S{0}}, {S{3}, S{9}, S{9}}, {S{3, 4}, S{5, 2}, S{5, 2}}},
                {{{"index[1] = 3", "axis 0 of x has 3"},
                  [] {
                    scatter(zeros({3}), 0, indices({0, 3}), zeros({2}));
                  }},
                 {{"index[0] = -1"}, [] { scatter(zeros({3}), 0, indices({-1}), zeros({1})); }},
                 {{"int64", "float32"}, [] { scatter(zeros({3}), 0, zeros({1}), zeros({1})); }},
                 {{"[2]", "[1]"},
                  [] {
                    scatter(zeros({3}), 0, indices({0, 1}), zeros({1}));
                  }},
                 {{"float32", "float64"}, [] { scatter(zeros({3}), 0, indices({0}), zeros({1}, {DType::float64})); }},
                 {{"300 does not fit uint8"}, [] { scatter(zeros({3}, {DType::uint8}), 0, indices({0}), 300); }},
                 {{"axis 1 is out of range"}, [] { scatter(zeros({3}), 1, indices({0}), zeros({1})); }}});
  scatter0.large = {{S{3, 257}, S{300, 257}, S{300, 257}}};
  Row value = write_row("scatter value", [](const Vars& v) { return scatter(v[0], -1, v[1].value(), 1); }, 4,
                        {{S{2, 4}, S{2, 3}}}, {});
  value.values = {normal(), index(4)};
  Row take = write_row("take_along_dim", [](const Vars& v) { return take_along_dim(v[0], v[1].value(), 1); }, 4,
                       {{S{3, 4}, S{1, 2}}, {S{1, 4}, S{3, 1}}, {S{2, 4, 1}, S{1, 3, 2}}},
                       {{{"[2, 3]", "[1]"},
                         [] {
                           take_along_dim(zeros({2, 3}), indices({0}), 1);
                         }},
                        {{"cannot broadcast"},
                         [] {
                           take_along_dim(zeros({2, 3}), zeros({3, 1}, {DType::int64}), 1);
                         }},
                        {{"axis 2 is out of range"}, [] {
                           take_along_dim(zeros({2, 3}), zeros({2, 1}, {DType::int64}), 2);
                         }}});
  take.values = {normal(), index(4)};
  Row flat = write_row("take_along_dim flat", [](const Vars& v) { return take_along_dim(v[0], v[1].value()); }, 6,
                       {{S{2, 3}, S{4}}, {S{6}, S{2, 2}}}, {});
  flat.values = {normal(), index(6)};
  return {scatter0,
          write_row("scatter axis=1", [](const Vars& v) { return scatter(v[0], 1, v[1].value(), v[2]); }, 4,
                    {{S{3, 4}, S{3, 6}, S{3, 6}}, {S{2, 4, 2}, S{1, 5, 2}, S{1, 5, 2}}}, {}),
          value, take, flat};
}

std::vector<Row> slice_rows() {
  Row add = write_row(
      "index_add", [](const Vars& v) { return index_add(v[0], 0, v[1].value(), v[2]); }, 3,
      {{S{3}, S{0}, S{0}}, {S{3, 2}, S{5}, S{5, 2}}, {S{3, 2, 2}, S{4}, S{4, 2, 2}}},
      {{{"index[1] = 3", "[3]"},
        [] {
          index_add(zeros({3}), 0, indices({0, 3}), zeros({2}));
        }},
       {{"index[0] = -1"}, [] { index_add(zeros({3}), 0, indices({-1}), zeros({1})); }},
       {{"[2]", "[1]"}, [] { index_add(zeros({3}), 0, indices({0}), zeros({2})); }},
       {{"numbers", "bool"},
        [] { index_add(zeros({3}, {DType::boolean}), 0, indices({0}), zeros({1}, {DType::boolean})); }},
       {{"0.5"}, [] { index_add(zeros({3}, {DType::int64}), 0, indices({0}), zeros({1}, {DType::int64}), 0.5); }}});
  add.large = {{S{30, 257}, S{300}, S{300, 257}}};
  Row alpha = write_row("index_add alpha", [](const Vars& v) { return index_add(v[0], 1, v[1].value(), v[2], -2); }, 4,
                        {{S{3, 4}, S{5}, S{3, 5}}}, {});
  for (Row* row : {&add, &alpha}) {
    row->dtypes = kNumbers;
    row->scale = Scale::absolute_inputs;
  }
  alpha.dtypes = {DType::float32, DType::float64, DType::int64, DType::int32};  // -2 does not fit uint8
  Row fill =
      write_row("index_fill", [](const Vars& v) { return index_fill(v[0], 1, v[1].value(), 1); }, 4,
                {{S{2, 4}, S{0}}, {S{2, 4}, S{3}}},
                {{{"index[0] = 4"}, [] { index_fill(zeros({4}), 0, indices({4}), 1); }},
                 {{"-1 does not fit uint8"}, [] { index_fill(zeros({4}, {DType::uint8}), 0, indices({0}), -1); }}});
  fill.values = {normal(), index(4)};
  return {add, alpha, fill,
          write_row("index_copy", [](const Vars& v) { return index_copy(v[0], 1, v[1].value(), v[2]); }, 4,
                    {{S{2, 4}, S{0}, S{2, 0}}, {S{3, 4}, S{6}, S{3, 6}}, {S{2, 4, 2}, S{3}, S{2, 3, 2}}},
                    {{{"index[1] = 4"},
                      [] {
                        index_copy(zeros({4}), 0, indices({0, 4}), zeros({2}));
                      }},
                     {{"[3]", "[2]"},
                      [] {
                        index_copy(zeros({4}), 0, indices({0, 1}), zeros({3}));
                      }},
                     {{"1 axes"}, [] {
                        index_copy(zeros({4}), 0, indices({0, 1}, S{1, 2}), zeros({2}));
                      }}})};
}

std::vector<Row> put_rows() {
  const auto put = [](Accumulate accumulate) {
    return [accumulate](const Vars& v) { return index_put(v[0], {v[1].value(), v[2].value()}, v[3], accumulate); };
  };
  Row assign = write_row(
      "index_put", put(Accumulate::no), 3,
      {{S{3, 3}, S{2, 1}, S{4}, S{2, 4}}, {S{3, 3, 2}, S{4}, S{4}, S{2}}, {S{3, 4}, S{0}, S{}, S{}}},
      {{{"3 is out of range", "axis 0 has size 3"}, [] { index_put(zeros({3}), {indices({3})}, zeros({1})); }},
       {{"-4 is out of range"}, [] { index_put(zeros({3}), {indices({-4})}, zeros({1})); }},
       {{"2 indices for 1 axes"},
        [] {
          index_put(zeros({3}), {indices({0}), indices({0})}, zeros({1}));
        }},
       {{"one index or more"}, [] { index_put(zeros({3}), std::span<const Tensor>{}, zeros({1})); }},
       {{"int64 or bool", "float32"}, [] { index_put(zeros({3}), {zeros({1})}, zeros({1})); }},
       {{"bool index [2] bool"}, [] { index_put(zeros({3}), {zeros({2}, {DType::boolean})}, zeros({1})); }},
       {{"cannot broadcast"},
        [] {
          index_put(zeros({3}), {indices({0, 1})}, zeros({3}));
        }},
       {{"cannot broadcast"},
        [] {
          index_put(zeros({3, 3}), {indices({0, 1}), indices({0, 1, 2})}, zeros({1}));
        }},
       {{"float32", "int64"}, [] { index_put(zeros({3}), {indices({0})}, indices({1})); }}});
  assign.values = {normal(), index(3), index(3), normal()};
  Row accumulate = assign;
  accumulate.name = "index_put accumulate";
  accumulate.call = put(Accumulate::yes);
  accumulate.dtypes = kNumbers;
  accumulate.scale = Scale::absolute_inputs;
  accumulate.rejects.clear();
  return {assign, accumulate};
}

std::vector<Row> masked_write_rows() {
  const std::vector<Shapes> samples = {{S{}, S{}}, {S{5}, S{5}}, {S{0}, S{0}}, {S{2, 3}, S{3}}, {S{3}, S{2, 3}}};
  return {{.name = "masked_select",
           .call = [](const Vars& v) { return masked_select(v[0], v[1].value()); },
           .order = Order::second,
           .samples = samples,
           .values = {normal(), mask()},
           .dtypes = kStored,
           .rejects = {{{"bool", "int64"},
                        [] {
                          masked_select(zeros({2}), indices({0, 1}));
                        }},
                       {{"cannot broadcast"}, [] { masked_select(zeros({2}), zeros({3}, {DType::boolean})); }}}},
          {.name = "nonzero",
           .call = on_tensors([](const Tensors& x) { return nonzero(x[0]); }),
           .samples = {{S{}}, {S{9}}, {S{0, 2}}, {S{2, 3, 2}}},
           .values = {whole(-1, 1)},
           .dtypes = kStored}};
}

std::vector<Row> embedding_rows() {
  const auto row = [](std::string name, std::optional<int64_t> padding) {
    return Row{.name = std::move(name),
               .call = [padding](const Vars& v) { return embedding(v[0], v[1].value(), padding); },
               .order = Order::second,
               .samples = {{S{5, 2}, S{}}, {S{5, 2}, S{0, 2}}, {S{5, 3}, S{2, 4}}},
               .values = {normal(), index(5)},
               .dtypes = kStored};
  };
  Row plain = row("embedding", {});
  plain.large = {{S{300, 257}, S{20, 30}}};
  plain.rejects = {{{"2 axes", "[3]"}, [] { embedding(zeros({3}), indices({0})); }},
                   {{"5 is out of range", "5 rows"},
                    [] {
                      embedding(zeros({5, 2}), indices({0, 5}));
                    }},
                   {{"-1 is out of range"},
                    [] {
                      embedding(zeros({5, 2}), indices({-1}));
                    }},
                   {{"int64", "float32"},
                    [] {
                      embedding(zeros({5, 2}), zeros({1}));
                    }},
                   {{"padding_idx 5"}, [] {
                      embedding(Variable(zeros({5, 2})), indices({0}), 5);
                    }}};
  const auto hot = [](std::string name, int64_t classes) {
    return Row{.name = std::move(name),
               .call = on_tensors([classes](const Tensors& x) { return one_hot(x[0], classes); }),
               .samples = {{S{}}, {S{4}}, {S{2, 3}}},
               .values = {index(5)},
               .dtypes = {DType::int64}};
  };
  Row counted = hot("one_hot counted", -1), given = hot("one_hot", 6);
  given.samples.push_back({S{0, 2}});
  given.rejects = {{{"3 is out of range", "3 classes"},
                    [] {
                      one_hot(indices({0, 3}), 3);
                    }},
                   {{"-1 is out of range"}, [] { one_hot(indices({-1})); }},
                   {{"0 classes"}, [] { one_hot(indices({0}), 0); }},
                   {{"-2 classes"}, [] { one_hot(indices({0}), -2); }},
                   {{"empty index"}, [] { one_hot(zeros({0}, {DType::int64})); }},
                   {{"out of range"}, [] { one_hot(indices({INT64_MAX})); }},
                   {{"2^63 - 1 bytes"}, [] { one_hot(indices({0}), INT64_MAX); }},
                   {{"int64", "float32"}, [] { one_hot(zeros({1})); }}};
  // Its row gets no gradient though it is read, which differences would not forgive: only the fixture reads it.
  Row padded = row("embedding padding_idx", -1);
  padded.samples = {{S{6, 2}, S{3}}};
  return {plain, padded, given, counted};
}

std::vector<Row> index_write_rows() {
  std::vector<Row> rows;
  for (const auto family : {scatter_rows, slice_rows, put_rows, masked_write_rows, embedding_rows})
    for (Row& row : family()) rows.push_back(std::move(row));
  return rows;
}

const Family writes(index_write_rows);

}  // namespace

}  // namespace weft::op_table
