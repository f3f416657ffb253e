// autograd/einsum.cpp: the plan of einsum, run on Variables
//
//   y = einsum(a, b, ...)     da = einsum(dy, b, ...) with the letters of y and a exchanged; db and the others alike
//                             (repeated along letters that only a has)
//   y = tensordot(a, b)       da = tensordot(dy, b) over the axes of b that stayed      db = tensordot(a, dy) alike
#include "autograd/einsum.h"

#include "autograd/elementwise.h"
#include "autograd/matmul.h"
#include "autograd/reduce.h"
#include "autograd/triangle.h"
#include "autograd/view.h"
#include "tensor/einsum_plan.h"

namespace weft {

Variable einsum(std::string_view equation, std::span<const Variable> operands) {
  std::vector<Tensor> values;
  for (const Variable& x : operands) values.push_back(x.value());
  return run_plan(plan_einsum(equation, values), std::vector<Variable>(operands.begin(), operands.end()));
}

Variable tensordot(const Variable& a, const Variable& b, const Axes& axes_a, const Axes& axes_b) {
  return run_plan<Variable>(plan_tensordot(a.value(), b.value(), axes_a, axes_b), {a, b});
}

Variable tensordot(const Variable& a, const Variable& b, int64_t axes) {
  const TensordotAxes of = tensordot_axes(a.value(), b.value(), axes);
  return tensordot(a, b, of.a, of.b);
}

}  // namespace weft
