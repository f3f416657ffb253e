// tests/op_table/rows_where.cpp: where, masked_fill, clamp, lerp
#include "autograd/elementwise.h"
#include "tests/op_table/rows_of_elements.h"

namespace weft::op_table {

namespace {

Row where_row() {
  const auto no_mask = [] { where(zeros({2}), zeros({2}), zeros({2})); };
  const auto shapes_differ = [] { where(zeros({2, 3}, {DType::boolean}), zeros({4}), zeros({2, 3})); };
  return {.name = "where",
          .call = [](const Vars& v) { return where(v[0].value(), v[1], v[2]); },
          .order = Order::second,
          .samples = {{S{0}, S{0}, S{1}},
                      {S{}, S{}, S{}},
                      {S{129}, S{129}, S{129}},
                      {S{3, 1}, S{4}, S{}},
                      {S{2, 3, 4}, S{3, 4}, S{2, 1, 1}},
                      {S{7, 5}, S{7, 5}, S{7, 5}}},
          .large = {{S{3, 70000}, S{3, 70000}, S{3, 70000}}, {S{70000}, S{3, 1}, S{3, 70000}}},
          .values = {mask(), normal()},
          .dtypes = kStored,
          .rejects = {{{"bool", "float32"}, no_mask}, {{"cannot broadcast"}, shapes_differ}}};
}

const std::vector<Shapes> kMasked = {{S{}, S{}}, {S{0}, S{1}}, {S{129}, S{129}}, {S{7, 1}, S{5}}, {S{7, 5}, S{7, 5}}};

Row masked_row(std::string name, Call call) {
  return {.name = std::move(name),
          .call = std::move(call),
          .order = Order::second,
          .samples = kMasked,
          .large = {{S{17, 1031}, S{1031}}},
          .values = {normal(), mask()},
          .dtypes = kStored};
}

std::vector<Row> mask_rows() {
  Row fill = masked_row("masked_fill", [](const Vars& v) { return masked_fill(v[0], v[1].value(), 3); });
  fill.rejects = {
      {{"mask must be bool", "float32"}, [] { masked_fill(zeros({2}), ones({2}), 1); }},
      {{"cannot broadcast", "[3]", "[2]"}, [] { masked_fill(zeros({2}), zeros({3}, {DType::boolean}), 1); }},
      {{"300 does not fit uint8"},
       [] {
         masked_fill(zeros({2}, {DType::uint8}), zeros({2}, {DType::boolean}), scalar(300, {.dtype = DType::int64}));
       }},
      {{"the value needs 0 axes"}, [] { masked_fill(zeros({2}), zeros({2}, {DType::boolean}), ones({2})); }},
      {{"300 does not fit uint8"}, [] { masked_fill(zeros({2}, {DType::uint8}), zeros({2}, {DType::boolean}), 300); }}};
  Row value = masked_row("masked_fill value", [](const Vars& v) { return masked_fill(v[0], v[1].value(), v[2]); });
  for (Shapes& shapes : value.samples) shapes.push_back(S{});
  value.large = {};
  value.values = {normal(), mask(), normal()};
  return {fill, value, masked_row("where else number", [](const Vars& v) { return where(v[1].value(), v[0], 2); }),
          masked_row("where number", [](const Vars& v) { return where(v[1].value(), true, v[0]); })};
}

std::vector<Row> clamp_numbers() {
  std::vector<Row> rows = with_few_shapes({
      unary_row(
          "clamp", [](V x) { return clamp(x, -1.03, 0.53); }, distinct()),
      unary_row(
          "clamp low", [](V x) { return clamp(x, 0.53); }, distinct()),
      unary_row(
          "clamp high", [](V x) { return clamp(x, std::nullopt, 0.53); }, distinct()),
      tensor_row(
          "clamp whole", [](T x) { return clamp(x, 0, 3); }, {whole(-9, 9)}, kNumbers),
  });
  rows[0].rejects = {{{"both bounds are missing"}, [] { clamp(zeros({2}), std::nullopt); }}};
  return rows;
}

std::vector<Row> clamp_tensors() {
  const auto three = [](std::string name, Call call) {
    return Row{.name = std::move(name),
               .call = std::move(call),
               .order = Order::second,
               .samples = {{S{}, S{}, S{}}, {S{0}, S{1}, S{}}, {S{7, 5}, S{5}, S{7, 1}}, {S{129}, S{129}, S{129}}},
               .large = {{S{17, 1031}, S{1031}, S{17, 1}}},
               .values = {distinct()},
               .dtypes = kFloats};
  };
  Row lerp_row = three("lerp", [](const Vars& v) { return lerp(v[0], v[1], v[2]); });
  lerp_row.values = {normal()};
  lerp_row.rejects = {{{"floating", "int64"}, [] { lerp(tensor<int64_t>({1}), tensor<int64_t>({2}), 0.5); }},
                      {{"dtypes differ"}, [] { lerp(zeros({1}), zeros({1}, {DType::float64}), 0.5); }}};
  return {three("clamp tensors", [](const Vars& v) { return clamp(v[0], v[1], v[2]); }), lerp_row};
}

std::vector<Row> halves() {
  return with_few_shapes({
      binary_row(
          "clamp low tensor", [](V x, V low) { return clamp(x, low, Variable()); }, {distinct()}, kFloats),
      binary_row(
          "clamp high tensor", [](V x, V high) { return clamp(x, Variable(), high); }, {distinct()}, kFloats),
      binary_row(
          "lerp number", [](V a, V b) { return lerp(a, b, 0.3); }, {normal()}, kFloats),
      binary_row(
          "lerp far number", [](V a, V b) { return lerp(a, b, 0.9); }, {normal()}, kFloats),
  });
}

std::vector<Row> make_where() { return {where_row()}; }

const Family choices(make_where), masks(mask_rows), bounds(clamp_numbers), tensors(clamp_tensors), one_sided(halves);

}  // namespace

}  // namespace weft::op_table
