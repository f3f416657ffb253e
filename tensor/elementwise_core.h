// tensor/elementwise_core.h: any element-wise op by its enumerator; the functions with names stand on top of it
//
// Defined in elementwise.cpp. The kernels, backends/*/unary.* and binary.*, find an op's formula by visit_op().
// Two operands are broadcast (aligned at the right, size 1 stretches) and brought to one dtype (tensor/promotion.h).
// Integers wrap on overflow: int32 2^31 - 1 plus 1 is -2^31, and -(-2^31), abs and square wrap alike.
// Every function returns a new contiguous tensor.  All throw: shapes that do not broadcast, devices that differ.
#pragma once
#include "tensor/maths/op.h"
#include "tensor/tensor.h"

namespace weft {

Tensor unary(UnaryOp op, const Tensor& x);
Tensor binary(BinaryOp op, const Operand& a, const Operand& b);

}  // namespace weft
