// tensor/where.cpp: one of several values, element by element, and what lies between two
#include "tensor/where.h"

#include "tensor/backend.h"
#include "tensor/checks.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"
#include "tensor/elementwise_plan.h"

namespace weft {
namespace {

void check_condition(std::string_view op, std::string_view name, const Tensor& condition) {
  check_defined(op, condition);
  if (condition.dtype() == DType::boolean) return;
  fail(op, "the {} must be bool: it is {}; hint: compare it, or to(DType::boolean)", name, condition.describe());
}

Shape shape_of(const Operand& x) { return x.is_scalar() ? Shape{} : x.tensor().shape(); }

/// condition ? a : b in the given dtype, for where and masked_fill, which differ in that.
Tensor choose(std::string_view op, const Tensor& condition, const Operand& a, const Operand& b, DType dtype) {
  const Shape shape = broadcast_shapes(op, condition.shape(), broadcast_shapes(op, shape_of(a), shape_of(b)));
  const Tensor left = prepare_operand(op, a, dtype, shape, condition.device());
  const Tensor right = prepare_operand(op, b, dtype, shape, condition.device());
  Tensor y = empty(shape, {.dtype = dtype, .device = condition.device()});
  if (y.numel() > 0) y.backend().where(condition.expand(shape), left, right, y);
  return y;
}

Tensor where_of(const Tensor& condition, const Operand& a, const Operand& b) {
  for (const Operand* x : {&a, &b}) {
    if (!x->is_scalar()) check_same_device("where", condition, x->tensor());
  }
  check_condition("where", "condition", condition);
  return choose("where", condition, a, b, result_type(a, b));
}

template <class Bound>
Tensor clamp_between(const Tensor& x, const Bound* low, const Bound* high) {
  if (low == nullptr && high == nullptr) fail("clamp", "both bounds are missing; hint: give low, high or both");
  const Tensor raised = low == nullptr ? x : binary("clamp", BinaryOp::maximum, x, *low);
  return high == nullptr ? raised : binary("clamp", BinaryOp::minimum, raised, *high);
}

void check_lerp(const Tensor& a, const Tensor& b) {
  check_floating("lerp", a);
  check_same_device("lerp", a, b);
  check_same_dtype("lerp", a, b);
  check_computes("lerp", a);
}

}  // namespace

Tensor where(const Tensor& condition, const Tensor& a, const Tensor& b) { return where_of(condition, a, b); }
Tensor where(const Tensor& condition, const Tensor& a, Scalar b) { return where_of(condition, a, b); }
Tensor where(const Tensor& condition, Scalar a, const Tensor& b) { return where_of(condition, a, b); }
Tensor where(const Tensor& condition, Scalar a, Scalar b) { return where_of(condition, a, b); }

Tensor masked_fill(const Tensor& x, const Tensor& mask, Scalar value) {
  check_same_device("masked_fill", x, mask);
  check_condition("masked_fill", "mask", mask);
  return choose("masked_fill", mask, value, x, x.dtype());
}

Tensor masked_fill(const Tensor& x, const Tensor& mask, const Tensor& value) {
  check_same_device("masked_fill", x, mask);
  check_same_device("masked_fill", x, value);
  check_condition("masked_fill", "mask", mask);
  check_rank("masked_fill", "the value", value, 0);
  if (kind_of(value.dtype()) < 2) check_fits("masked_fill", value.item<int64_t>(), x.dtype());
  else check_fits("masked_fill", value.item<double>(), x.dtype());
  return choose("masked_fill", mask, value, x, x.dtype());
}

Tensor clamp(const Tensor& x, std::optional<Scalar> low, std::optional<Scalar> high) {
  return clamp_between(x, low ? &*low : nullptr, high ? &*high : nullptr);
}

Tensor clamp(const Tensor& x, const Tensor& low, const Tensor& high) {
  return clamp_between(x, low.defined() ? &low : nullptr, high.defined() ? &high : nullptr);
}

// The nearer end is the one that is added to, so that both ends are met exactly.
Tensor lerp(const Tensor& a, const Tensor& b, const Tensor& weight) {
  check_lerp(a, b);
  check_same_device("lerp", a, weight);
  broadcast_shapes("lerp", weight.shape(), broadcast_shapes("lerp", a.shape(), b.shape()));
  const Tensor way = b - a;
  return where(less(abs(weight), 0.5), a + weight * way, b - (1 - weight) * way);
}

Tensor lerp(const Tensor& a, const Tensor& b, Scalar weight) {
  check_lerp(a, b);
  broadcast_shapes("lerp", a.shape(), b.shape());
  const double w = weight.as<double>();
  return std::fabs(w) < 0.5 ? a + w * (b - a) : b - (1 - w) * (b - a);
}

}  // namespace weft
