// tensor/einsum.cpp: sums of products of tensors
#include "tensor/einsum.h"

#include "tensor/checks.h"
#include "tensor/einsum_plan.h"

namespace weft {

Tensor einsum(std::string_view equation, std::span<const Tensor> operands) {
  const std::vector<Tensor> x(operands.begin(), operands.end());
  return run_plan(plan_einsum(equation, x), x);
}

Tensor tensordot(const Tensor& a, const Tensor& b, const Axes& axes_a, const Axes& axes_b) {
  return run_plan<Tensor>(plan_tensordot(a, b, axes_a, axes_b), {a, b});
}

Tensor tensordot(const Tensor& a, const Tensor& b, int64_t axes) {
  const TensordotAxes of = tensordot_axes(a, b, axes);
  return tensordot(a, b, of.a, of.b);
}

TensordotAxes tensordot_axes(const Tensor& a, const Tensor& b, int64_t axes) {
  check_defined("tensordot", a);
  check_defined("tensordot", b);
  if (axes < 0 || axes > a.rank() || axes > b.rank())
    fail("tensordot", "cannot sum over {} axes: a is {}, b is {}", axes, a.describe(), b.describe());
  TensordotAxes result;
  for (int64_t i = 0; i < axes; ++i) {
    result.a.push_back(a.rank() - axes + i);
    result.b.push_back(i);
  }
  return result;
}

}  // namespace weft
