// tests/tensor/promotion_test.cpp: the dtype of a result, as a table made by an independent framework
#include "tensor/promotion.h"

#include "tensor/create.h"
#include "tensor/elementwise.h"
#include "tensor/join.h"
#include "tests/fixtures/folder.h"
#include "tests/fixtures/read_json.h"
#include "tests/tensor/throws.h"

using namespace weft;

namespace {

/// The fixture numbers the dtypes that both frameworks compute in.
DType dtype_at(double place) {
  constexpr DType kDTypes[] = {DType::boolean, DType::uint8,   DType::int32,
                               DType::int64,   DType::float32, DType::float64};
  return kDTypes[static_cast<size_t>(place)];
}

/// A number, a 0-dim tensor or a tensor with axes, kept alive for an Operand to refer to.
struct Held {
  int64_t kind;
  DType dtype;
  Tensor tensor;

  Held(double kind_of_operand, double place) : kind(static_cast<int64_t>(kind_of_operand)), dtype(dtype_at(place)) {
    if (kind > 0) tensor = ones(kind == 1 ? Shape{} : Shape{2}, {.dtype = dtype});
  }

  Operand operand() const {
    if (kind > 0) return tensor;
    return dtype == DType::boolean ? Scalar(true) : dtype == DType::int64 ? Scalar(1) : Scalar(1.0);
  }
};

}  // namespace

TEST_CASE("promotion follows PyTorch for every pair of operands") {
  const Tensor table = test::read_json(test::fixtures() / "promotion.json").at("result_type");
  REQUIRE(table.size(0) == 216);
  for (int64_t i = 0; i < table.size(0); ++i) {
    const std::vector<double> row = table.select(0, i).to_vector<double>();
    const Held a(row[0], row[1]), b(row[2], row[3]);
    const DType expected = dtype_at(row[4]);
    INFO(a.operand().describe(), " and ", b.operand().describe());
    CHECK(name_of(result_type(a.operand(), b.operand())) == name_of(expected));
    if (a.kind == 2 && b.kind == 2) CHECK(cat({a.tensor, b.tensor}).dtype() == expected);
    if (a.kind == 1 && b.kind == 1) CHECK(stack({a.tensor, b.tensor}).dtype() == expected);
    if (expected == DType::boolean) continue;
    CHECK(binary(BinaryOp::mul, a.operand(), b.operand()).dtype() == expected);
    CHECK(binary(BinaryOp::less, a.operand(), b.operand()).dtype() == DType::boolean);
    CHECK(is_floating(binary(BinaryOp::div, a.operand(), b.operand()).dtype()));
  }
}

TEST_CASE("where promotes its values, numbers too") {
  const Tensor condition = tensor<bool>({true, false});
  CHECK(where(condition, ones({2}), tensor<int64_t>({1, 2})).dtype() == DType::float32);
  CHECK(where(condition, tensor<int32_t>({1, 2}), 7).dtype() == DType::int32);
  CHECK(where(condition, 0.5, tensor<int32_t>({1, 2})).to_vector<float>() == std::vector<float>{0.5, 2});
  CHECK(where(condition, 1, 0).dtype() == DType::int64);
  CHECK(where(condition, 1.5, 0).to_vector<float>() == std::vector<float>{1.5, 0});
  CHECK(where(condition, true, false).dtype() == DType::boolean);
}
