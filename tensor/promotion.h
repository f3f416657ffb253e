// tensor/promotion.h: the dtype of a result whose operands have different ones
//
// Kinds rise from bool over integers (uint8, int32, int64) to floats (bfloat16, float32, float64). The result of two
// operands has
//   1. the higher kind of the two,
//   2. and within that kind the wider dtype, asked first of tensors with axes, then of 0-dim tensors, then of C++
//   numbers:
//      those that are asked later only raise the kind. A C++ integer counts as int64, a C++ float as float32.
// So float32 [3] + float64 [] is float32, int32 [3] + 1 is int32, int32 [3] + 0.5 is float32, bool [3] + 1 is int64,
// and int64 [3] + float64 [] is float64. These are PyTorch's rules (torch.result_type).
//
// bfloat16, which is for storage, takes part so that what is refused is the result: whatever computes in it throws.
//
// An op may then ask for more: functions like exp and div bring integers to float32; comparisons return bool.
#pragma once
#include "tensor/tensor.h"

namespace weft {

DType result_type(const Operand& a, const Operand& b);

}  // namespace weft
