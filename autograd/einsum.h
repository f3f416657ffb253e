// autograd/einsum.h: sums of products that record their derivative: each is a few records of views, sums and products
#pragma once
#include <span>

#include "autograd/variable.h"
#include "tensor/einsum.h"

namespace weft {

/// See the tensor functions of the same names for the rules and errors.
Variable einsum(std::string_view equation, std::span<const Variable> operands);
inline Variable einsum(std::string_view equation, std::initializer_list<Variable> operands) {
  return einsum(equation, std::span<const Variable>(operands.begin(), operands.size()));
}
Variable tensordot(const Variable& a, const Variable& b, const Axes& axes_a, const Axes& axes_b);
Variable tensordot(const Variable& a, const Variable& b, int64_t axes = 2);

}  // namespace weft
