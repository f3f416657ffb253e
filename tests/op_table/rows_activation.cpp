// tests/op_table/rows_activation.cpp: activations
#include "autograd/elementwise.h"
#include "tests/op_table/rows_of_elements.h"

namespace weft::op_table {

namespace {

/// hardtanh's low end does not fit uint8.
const std::vector<DType> kSigned = {DType::float32, DType::float64, DType::int64, DType::int32, DType::boolean};

std::vector<Row> activations() {
  return with_few_shapes({
      unary_row(
          "log_sigmoid", [](V x) { return log_sigmoid(x); }, normal(0, 3), kAll),
      unary_row(
          "silu", [](V x) { return silu(x); }, normal(0, 3), kAll),
      unary_row(
          "gelu", [](V x) { return gelu(x); }, normal(0, 2), kAll),
      unary_row(
          "gelu_tanh", [](V x) { return gelu(x, GeluForm::tanh); }, normal(0, 2), kAll),
      unary_row(
          "softplus", [](V x) { return softplus(x); }, normal(0, 3), kAll),
      unary_row(
          "softplus beta=2 threshold=1", [](V x) { return softplus(x, 2, 1); }, normal(0, 2), kAll),
      unary_row(
          "elu", [](V x) { return elu(x); }, away_from_zero(), kAll),
      unary_row(
          "elu alpha=0.5", [](V x) { return elu(x, 0.5); }, away_from_zero(), kAll),
      unary_row(
          "selu", [](V x) { return selu(x); }, away_from_zero(), kAll),
      unary_row(
          "mish", [](V x) { return mish(x); }, normal(0, 3), kAll),
      unary_row(
          "hardswish", [](V x) { return hardswish(x); }, normal(0, 4), kAll),
      unary_row(
          "leaky_relu", [](V x) { return leaky_relu(x); }, away_from_zero(), kAll),
      unary_row(
          "leaky_relu slope=0.3", [](V x) { return leaky_relu(x, 0.3); }, away_from_zero(), kAll),
      unary_row(
          "hardtanh", [](V x) { return hardtanh(x); }, distinct(), kSigned),
      unary_row(
          "hardtanh low=-2 high=0.5", [](V x) { return hardtanh(x, -2, 0.5); }, distinct(), kSigned),
      unary_row(
          "relu6", [](V x) { return relu6(x); }, normal(3, 4), kAll),
  });
}

Row glu_row(int64_t axis, std::vector<Shapes> samples) {
  return {.name = "glu axis=" + std::to_string(axis),
          .call = [axis](const Vars& v) { return glu(v[0], axis); },
          .order = Order::second,
          .samples = std::move(samples)};
}

std::vector<Row> gated() {
  Row row = glu_row(-1, {{S{0}}, {S{258}}, {S{5, 0}}, {S{3, 8}}, {S{2, 3, 2}}});
  row.large = {{S{17, 1030}}};
  row.rejects = {{{"axis -1 has no halves", "[2, 3] float32", "even"},
                  [] {
                    glu(zeros({2, 3}));
                  }},
                 {{"axis 2 is out of range"},
                  [] {
                    glu(zeros({2, 4}), 2);
                  }},
                 {{"[4] int64"}, [] { glu(zeros({4}, {DType::int64})); }}};
  return {row, glu_row(1, {{S{2, 4, 3}}, {S{7, 2}}})};
}

std::vector<Row> far_out() {
  return with_few_shapes({
      tensor_row(
          "log_sigmoid far out", [](T x) { return log_sigmoid(x); }, {normal(0, 90)}, kFloats),
      tensor_row(
          "gelu far out", [](T x) { return gelu(x); }, {normal(0, 9)}, kFloats),
      tensor_row(
          "softplus far out", [](T x) { return softplus(x); }, {normal(0, 90)}, kFloats),
      tensor_row(
          "mish far out", [](T x) { return mish(x); }, {normal(0, 90)}, kFloats),
      tensor_row(
          "elu far out", [](T x) { return elu(x); }, {normal(0, 90)}, kFloats),
  });
}

std::vector<Row> activation_rows() {
  std::vector<Row> rows = activations();
  for (Row& row : rows) {
    if (row.name == "hardtanh")
      row.rejects = {{{"low 1 lies above high -1", "swap"}, [] { hardtanh(zeros({3}), 1, -1); }}};
  }
  return rows;
}

const Family activation(activation_rows), gates(gated), extremes(far_out);

}  // namespace

}  // namespace weft::op_table
