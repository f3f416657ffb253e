// tests/op_table/rows_of_elements.h: rows of functions that work element by element, of one and of two operands
#pragma once
#include "tests/op_table/row.h"

namespace weft::op_table {

inline const std::vector<Shapes> kOne = {{S{0}},   {S{}},    {S{1}},       {S{3, 0, 2}}, {S{127}},
                                         {S{128}}, {S{129}}, {S{2, 3, 4}}, {S{7, 5}}};
inline const std::vector<Shapes> kOneLarge = {{S{3, 70000}}, {S{17, 1031}}};
inline const std::vector<Shapes> kTwo = {{S{0}, S{1}},          {S{}, S{}},         {S{}, S{5}},       {S{129}, S{1}},
                                         {S{3, 1, 2}, S{4, 1}}, {S{3, 0}, S{3, 1}}, {S{127}, S{127}},  {S{128}, S{128}},
                                         {S{7, 1}, S{1, 5}},    {S{2, 3, 4}, S{4}}, {S{7, 5}, S{7, 5}}};
inline const std::vector<Shapes> kTwoLarge = {
    {S{3, 70000}, S{3, 70000}}, {S{3, 70000}, S{70000}}, {S{3, 70000}, S{3, 1}}, {S{}, S{3, 70000}}};

template <class F>
Row unary_row(std::string name, F f, Values values, std::vector<DType> dtypes = kFloats) {
  return {.name = std::move(name),
          .call = [f](const Vars& v) { return f(v[0]); },
          .order = Order::second,
          .samples = kOne,
          .large = kOneLarge,
          .values = {values},
          .dtypes = std::move(dtypes)};
}

template <class F>
Row tensor_row(std::string name, F f, std::vector<Values> values = {whole(-2, 2)}, std::vector<DType> dtypes = kAll) {
  return {.name = std::move(name),
          .call = on_tensors([f](const Tensors& t) { return f(t[0]); }),
          .samples = kOne,
          .large = kOneLarge,
          .values = std::move(values),
          .dtypes = std::move(dtypes)};
}

template <class F>
Row binary_row(std::string name, F f, std::vector<Values> values, std::vector<DType> dtypes = kNumbers) {
  const auto shapes_differ = [f] { f(Variable(zeros({2, 3})), Variable(zeros({4}))); };
  return {.name = std::move(name),
          .call = [f](const Vars& v) { return f(v[0], v[1]); },
          .order = Order::second,
          .samples = kTwo,
          .large = kTwoLarge,
          .values = std::move(values),
          .dtypes = std::move(dtypes),
          .rejects = {{{"cannot broadcast", "[2, 3]", "[4]"}, shapes_differ}}};
}

template <class F>
Row tensors_row(std::string name, F f, std::vector<Values> values = {whole(-2, 2)}, std::vector<DType> dtypes = kAll) {
  const auto shapes_differ = [f] { f(zeros({5, 3}), zeros({5, 2})); };
  return {.name = std::move(name),
          .call = on_tensors([f](const Tensors& t) { return f(t[0], t[1]); }),
          .samples = kTwo,
          .large = kTwoLarge,
          .values = std::move(values),
          .dtypes = std::move(dtypes),
          .rejects = {{{"cannot broadcast", "[5, 3]", "[5, 2]"}, shapes_differ}}};
}

using V = const Variable&;
using T = const Tensor&;

/// Functions that call the same maths as others, in another formula: fewer shapes will do.
inline std::vector<Row> with_few_shapes(std::vector<Row> rows) {
  for (Row& row : rows) {
    row.samples = row.samples == kOne
                      ? std::vector<Shapes>{{S{0}}, {S{}}, {S{129}}, {S{7, 5}}}
                      : std::vector<Shapes>{{S{}, S{}}, {S{3, 0}, S{3, 1}}, {S{7, 1}, S{1, 5}}, {S{5, 7}, S{7}}};
    row.large = row.samples.front().size() == 1 ? std::vector<Shapes>{{S{17, 1031}}}
                                                : std::vector<Shapes>{{S{17, 1031}, S{1031}}};
  }
  return rows;
}

/// Where the derivative is 0 or another constant, there is no second one.
/// The number in the call is a fraction, and makes every dtype a float.
inline Row with_fraction(Row row) {
  row.makes_dtype = true;
  return row;
}

inline Row first_order(Row row) {
  row.order = Order::first;
  return row;
}

}  // namespace weft::op_table
