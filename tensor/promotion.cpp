// tensor/promotion.cpp: the dtype of a result whose operands have different ones
#include "tensor/promotion.h"

namespace weft {
namespace {

DType dtype_of_operand(const Operand& x) {
  if (!x.is_scalar()) return x.tensor().dtype();
  return x.scalar().kind() == DType::float64 ? DType::float32 : x.scalar().kind();
}

/// 0: a C++ number, 1: a 0-dim tensor, 2: a tensor with axes.
int weight_of(const Operand& x) { return x.is_scalar() ? 0 : x.tensor().rank() == 0 ? 1 : 2; }

}  // namespace

DType result_type(const Operand& a, const Operand& b) {
  const DType dtype_a = dtype_of_operand(a), dtype_b = dtype_of_operand(b);
  if (weight_of(a) == weight_of(b)) return promote(dtype_a, dtype_b);
  const bool a_is_heavy = weight_of(a) > weight_of(b);
  const DType heavy = a_is_heavy ? dtype_a : dtype_b, light = a_is_heavy ? dtype_b : dtype_a;
  return kind_of(light) > kind_of(heavy) ? light : heavy;
}

std::string Operand::describe() const {
  return is_scalar() ? fmt::format("the number {}", scalar_.as<double>()) : tensor_->describe();
}

}  // namespace weft
