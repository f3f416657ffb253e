// tensor/elementwise.cpp: broadcasting, promotion, and then one kernel
#include "tensor/elementwise.h"

#include "tensor/backend.h"
#include "tensor/checks.h"
#include "tensor/create.h"

namespace weft {
namespace {

template <class Op>
OpTypes types_of(Op op) {
  OpTypes types{};
  visit_op(op, [&](auto maths) { types = maths.types; });
  return types;
}

/// The dtype an operand is brought to before the kernel runs, given the dtype that promotion asks for.
template <class Op>
DType compute_dtype(Op op, DType promoted, const std::string& operands) {
  switch (types_of(op)) {
    case OpTypes::same:
      if (promoted == DType::boolean) {
        fail(name_of_op(op),
             "needs numbers, not bool: {}; hint: use logical_and, logical_or or logical_not, or "
             "to(DType::int64)",
             operands);
      }
      return promoted;
    case OpTypes::floating: return is_floating(promoted) ? promoted : DType::float32;
    case OpTypes::comparison: return promoted;
    case OpTypes::logical: break;
  }
  return DType::boolean;
}

template <class Op>
DType result_dtype(Op op, DType computed) {
  const OpTypes types = types_of(op);
  return types == OpTypes::comparison || types == OpTypes::logical ? DType::boolean : computed;
}

/// bool 0, integers 1, floats 2.
int kind_of(DType dtype) { return is_floating(dtype) ? 2 : is_integer(dtype) ? 1 : 0; }

DType dtype_of_operand(const Operand& x) {
  if (!x.is_scalar()) return x.tensor().dtype();
  return x.scalar().kind() == DType::float64 ? DType::float32 : x.scalar().kind();
}

/// 0: a C++ number, 1: a 0-dim tensor, 2: a tensor with axes.
int weight_of(const Operand& x) { return x.is_scalar() ? 0 : x.tensor().rank() == 0 ? 1 : 2; }

/// The lighter operand has a say only when its kind is higher.
DType promote_operands(const Operand& a, const Operand& b) {
  const DType dtype_a = dtype_of_operand(a), dtype_b = dtype_of_operand(b);
  if (weight_of(a) == weight_of(b)) return promote(dtype_a, dtype_b);
  const bool a_is_heavy = weight_of(a) > weight_of(b);
  const DType heavy = a_is_heavy ? dtype_a : dtype_b, light = a_is_heavy ? dtype_b : dtype_a;
  return kind_of(light) > kind_of(heavy) ? light : heavy;
}

std::string describe(const Operand& x) {
  return x.is_scalar() ? fmt::format("the number {}", x.scalar().as<double>()) : x.tensor().describe();
}

/// The operand as a tensor of the computing dtype, stretched to the result's shape.
Tensor prepared(std::string_view op, const Operand& x, DType dtype, const Shape& shape, Device device) {
  if (!x.is_scalar()) return x.tensor().to(dtype).expand(shape);
  check_fits(op, x.scalar(), dtype);
  return scalar(x.scalar(), {.dtype = dtype, .device = device}).expand(shape);
}

}  // namespace

Tensor unary(UnaryOp op, const Tensor& x) {
  check_defined(name_of_op(op), x);
  const DType computed = compute_dtype(op, x.dtype(), x.describe());
  Tensor y = empty(x.shape(), {.dtype = result_dtype(op, computed), .device = x.device()});
  // A logical kernel takes any dtype as it is; bringing x to bool first would only cost a copy.
  if (y.numel() > 0) y.backend().unary(op, types_of(op) == OpTypes::logical ? x : x.to(computed), y);
  return y;
}

Tensor binary(BinaryOp op, const Operand& a, const Operand& b) {
  const std::string_view name = name_of_op(op);
  if (a.is_scalar() && b.is_scalar()) fail(name, "needs a tensor on one side; hint: wrap a number with scalar()");
  if (!a.is_scalar() && !b.is_scalar()) check_same_device(name, a.tensor(), b.tensor());
  const Tensor& first = a.is_scalar() ? b.tensor() : a.tensor();
  check_defined(name, first);
  const Shape shape =
      a.is_scalar() || b.is_scalar() ? first.shape() : broadcast_shapes(name, a.tensor().shape(), b.tensor().shape());
  const DType promoted = promote_operands(a, b);
  const DType computed = promoted == DType::boolean && types_of(op) == OpTypes::same
                             ? compute_dtype(op, promoted, fmt::format("{} and {}", describe(a), describe(b)))
                             : compute_dtype(op, promoted, {});
  const Tensor left = prepared(name, a, computed, shape, first.device());
  const Tensor right = prepared(name, b, computed, shape, first.device());
  Tensor y = empty(shape, {.dtype = result_dtype(op, computed), .device = first.device()});
  if (y.numel() > 0) y.backend().binary(op, left, right, y);
  return y;
}

Tensor neg(const Tensor& x) { return unary(UnaryOp::neg, x); }
Tensor abs(const Tensor& x) { return unary(UnaryOp::abs, x); }
Tensor sign(const Tensor& x) { return unary(UnaryOp::sign, x); }
Tensor square(const Tensor& x) { return unary(UnaryOp::square, x); }
Tensor exp(const Tensor& x) { return unary(UnaryOp::exp, x); }
Tensor log(const Tensor& x) { return unary(UnaryOp::log, x); }
Tensor log1p(const Tensor& x) { return unary(UnaryOp::log1p, x); }
Tensor sqrt(const Tensor& x) { return unary(UnaryOp::sqrt, x); }
Tensor rsqrt(const Tensor& x) { return unary(UnaryOp::rsqrt, x); }
Tensor reciprocal(const Tensor& x) { return unary(UnaryOp::reciprocal, x); }
Tensor sin(const Tensor& x) { return unary(UnaryOp::sin, x); }
Tensor cos(const Tensor& x) { return unary(UnaryOp::cos, x); }
Tensor tanh(const Tensor& x) { return unary(UnaryOp::tanh, x); }
Tensor sigmoid(const Tensor& x) { return unary(UnaryOp::sigmoid, x); }
Tensor relu(const Tensor& x) { return unary(UnaryOp::relu, x); }
Tensor floor(const Tensor& x) { return unary(UnaryOp::floor, x); }
Tensor logical_not(const Tensor& x) { return unary(UnaryOp::logical_not, x); }

Tensor add(const Tensor& a, const Tensor& b) { return binary(BinaryOp::add, a, b); }
Tensor sub(const Tensor& a, const Tensor& b) { return binary(BinaryOp::sub, a, b); }
Tensor mul(const Tensor& a, const Tensor& b) { return binary(BinaryOp::mul, a, b); }
Tensor div(const Tensor& a, const Tensor& b) { return binary(BinaryOp::div, a, b); }
Tensor pow(const Tensor& a, const Tensor& b) { return binary(BinaryOp::pow, a, b); }
Tensor maximum(const Tensor& a, const Tensor& b) { return binary(BinaryOp::maximum, a, b); }
Tensor minimum(const Tensor& a, const Tensor& b) { return binary(BinaryOp::minimum, a, b); }

Tensor equal(const Operand& a, const Operand& b) { return binary(BinaryOp::equal, a, b); }
Tensor not_equal(const Operand& a, const Operand& b) { return binary(BinaryOp::not_equal, a, b); }
Tensor less(const Operand& a, const Operand& b) { return binary(BinaryOp::less, a, b); }
Tensor less_equal(const Operand& a, const Operand& b) { return binary(BinaryOp::less_equal, a, b); }
Tensor greater(const Operand& a, const Operand& b) { return binary(BinaryOp::greater, a, b); }
Tensor greater_equal(const Operand& a, const Operand& b) { return binary(BinaryOp::greater_equal, a, b); }
Tensor logical_and(const Operand& a, const Operand& b) { return binary(BinaryOp::logical_and, a, b); }
Tensor logical_or(const Operand& a, const Operand& b) { return binary(BinaryOp::logical_or, a, b); }

Tensor where(const Tensor& condition, const Tensor& a, const Tensor& b) {
  check_same_device("where", condition, a);
  check_same_device("where", a, b);
  check_same_dtype("where", a, b);
  if (condition.dtype() != DType::boolean) {
    fail("where", "the condition must be bool: it is {}; hint: compare it, or to(DType::boolean)",
         condition.describe());
  }
  const Shape shape = broadcast_shapes("where", condition.shape(), broadcast_shapes("where", a.shape(), b.shape()));
  Tensor y = empty(shape, {.dtype = a.dtype(), .device = a.device()});
  if (y.numel() > 0) y.backend().where(condition.expand(shape), a.expand(shape), b.expand(shape), y);
  return y;
}

}  // namespace weft
