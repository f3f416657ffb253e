// tensor/elementwise.cpp: broadcasting, promotion, and then one kernel
#include "tensor/elementwise.h"

#include "tensor/backend.h"
#include "tensor/checks.h"
#include "tensor/create.h"
#include "tensor/elementwise_plan.h"
#include "tensor/reduce.h"

namespace weft {
namespace {

template <class Op>
OpTypes types_of(Op op) {
  OpTypes types{};
  visit_op(op, [&](auto maths) { types = maths.types; });
  return types;
}

bool gives_bool(OpTypes types) { return types == OpTypes::comparison || types == OpTypes::logical; }

DType compute_dtype(std::string_view name, OpTypes types, DType promoted, const std::string& operands) {
  if (promoted == DType::bfloat16)
    fail(name, "bfloat16 only holds elements: {}; hint: compute in float32, with to(DType::float32)", operands);
  switch (types) {
    case OpTypes::same:
      if (promoted == DType::boolean) {
        fail(name, "needs numbers, not bool: {}; hint: use logical_and, logical_or or logical_not, or to(DType::int64)",
             operands);
      }
      return promoted;
    case OpTypes::floating: return is_floating(promoted) ? promoted : DType::float32;
    case OpTypes::bits:
      if (is_floating(promoted))
        fail(name, "needs bool or integers: {}; hint: convert with to(DType::int64)", operands);
      return promoted;
    case OpTypes::integer:
      if (!is_integer(promoted)) fail(name, "needs integers: {}; hint: convert with to(DType::int64)", operands);
      return promoted;
    case OpTypes::comparison: return promoted;
    case OpTypes::logical: break;
  }
  return DType::boolean;
}

/// A number that the other operand's integer dtype does not hold is smaller or larger than all of its elements.
DType dtype_to_compare_in(DType promoted, const Operand& a, const Operand& b) {
  for (const Operand* x : {&a, &b})
    if (x->is_scalar() && !fits(x->scalar(), promoted)) return DType::int64;
  return promoted;
}

/// In the computing dtype: a 0-dim int64 of 256 is 0 beside uint8.
bool holds_zero(const Operand& b, DType computed) {
  if (b.is_scalar()) return b.scalar().as<int64_t>() == 0;
  return sum(equal(b.tensor().to(computed), 0)).item<int64_t>() > 0;
}

}  // namespace

DType compute_dtype(std::string_view name, UnaryOp op, DType promoted, const std::string& operands) {
  return compute_dtype(name, types_of(op), promoted, operands);
}

DType compute_dtype(std::string_view name, BinaryOp op, DType promoted, const std::string& operands) {
  return compute_dtype(name, types_of(op), promoted, operands);
}

void check_whole_operands(std::string_view name, BinaryOp op, DType computed, const Operand& b) {
  if (is_floating(computed)) return;
  if (op == BinaryOp::pow && b.is_scalar() && b.scalar().as<int64_t>() < 0) {
    fail(name, "integers have no power {}; hint: convert with to(DType::float32)", b.scalar().as<int64_t>());
  }
  const bool divides = op == BinaryOp::floor_divide || op == BinaryOp::remainder || op == BinaryOp::fmod;
  if (divides && holds_zero(b, computed)) {
    fail(name, "integers cannot be divided by 0: the divisor is {}; hint: convert with to(DType::float32)",
         b.describe());
  }
}

Tensor prepare_operand(std::string_view name, const Operand& x, DType dtype, const Shape& shape, Device device) {
  if (!x.is_scalar()) return x.tensor().to(dtype).expand(shape);
  check_fits(name, x.scalar(), dtype);
  return scalar(x.scalar(), {.dtype = dtype, .device = device}).expand(shape);
}

Tensor unary(UnaryOp op, const Tensor& x) {
  check_defined(name_of_op(op), x);
  const OpTypes types = types_of(op);
  const DType computed = compute_dtype(name_of_op(op), op, x.dtype(), x.describe());
  Tensor y = empty(x.shape(), {.dtype = gives_bool(types) ? DType::boolean : computed, .device = x.device()});
  // A logical kernel takes any dtype as it is; bringing x to bool first would only cost a copy.
  if (y.numel() > 0) y.backend().unary(op, types == OpTypes::logical ? x : x.to(computed), y);
  return y;
}

Tensor binary(BinaryOp op, const Operand& a, const Operand& b) { return binary(name_of_op(op), op, a, b); }

Tensor binary(std::string_view name, BinaryOp op, const Operand& a, const Operand& b) {
  if (a.is_scalar() && b.is_scalar()) fail(name, "needs a tensor on one side; hint: wrap a number with scalar()");
  if (!a.is_scalar() && !b.is_scalar()) check_same_device(name, a.tensor(), b.tensor());
  const Tensor& first = a.is_scalar() ? b.tensor() : a.tensor();
  check_defined(name, first);
  const Shape shape =
      a.is_scalar() || b.is_scalar() ? first.shape() : broadcast_shapes(name, a.tensor().shape(), b.tensor().shape());
  const OpTypes types = types_of(op);
  const DType promoted = result_type(a, b);
  const bool always_fits = promoted != DType::bfloat16 && (types == OpTypes::floating || gives_bool(types) ||
                                                           (types == OpTypes::same && is_floating(promoted)));
  DType computed = compute_dtype(name, op, promoted,
                                 always_fits ? std::string() : fmt::format("{} and {}", a.describe(), b.describe()));
  if (types == OpTypes::comparison) computed = dtype_to_compare_in(computed, a, b);
  check_whole_operands(name, op, computed, b);
  const Tensor left = prepare_operand(name, a, computed, shape, first.device());
  const Tensor right = prepare_operand(name, b, computed, shape, first.device());
  Tensor y = empty(shape, {.dtype = gives_bool(types) ? DType::boolean : computed, .device = first.device()});
  if (y.numel() > 0) y.backend().binary(op, left, right, y);
  return y;
}

}  // namespace weft
