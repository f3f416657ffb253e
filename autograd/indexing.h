// autograd/indexing.h: gather and its adjoint, which record their derivatives; index is a constant
#pragma once
#include "autograd/variable.h"
#include "tensor/indexing.h"

namespace weft {

Variable gather(const Variable& x, int64_t axis, const Tensor& index);
Variable scatter_add(const Variable& x, int64_t axis, const Tensor& index, const Variable& source);
Variable index_select(const Variable& x, int64_t axis, const Tensor& index);

}  // namespace weft
