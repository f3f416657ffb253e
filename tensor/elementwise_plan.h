// tensor/elementwise_plan.h: what stands between the operands of an element-wise op and its kernel
#pragma once
#include <string>
#include <string_view>

#include "tensor/promotion.h"
#include "tensor/scalar_maths.h"
#include "tensor/tensor.h"

namespace weft {

/// The dtype operands are brought to before the kernel runs, given the one that promotion asks for.
/// Throws: the op does not take it; `operands` stands in the message.
DType compute_dtype(std::string_view name, UnaryOp op, DType promoted, const std::string& operands);
DType compute_dtype(std::string_view name, BinaryOp op, DType promoted, const std::string& operands);

/// binary (tensor/elementwise_core.h) as a step of the function `name`, which opens its error messages.
Tensor binary(std::string_view name, BinaryOp op, const Operand& a, const Operand& b);

/// Throws: whole numbers have no such result: b is 0 in a division, or a negative number as an exponent.
void check_whole_operands(std::string_view name, BinaryOp op, DType computed, const Operand& b);

/// The operand as a tensor of the computing dtype, stretched to the result's shape.
Tensor prepare_operand(std::string_view name, const Operand& x, DType dtype, const Shape& shape, Device device);

}  // namespace weft
