// autograd/triangle.h: the diagonal of matrices, and what lies on either side of it, recorded
#pragma once
#include "autograd/variable.h"
#include "tensor/triangle.h"

namespace weft {

Variable tril(const Variable& x, int64_t diagonal = 0);
Variable triu(const Variable& x, int64_t diagonal = 0);
Variable diagonal(const Variable& x, int64_t offset = 0, int64_t axis0 = 0, int64_t axis1 = 1);
Variable diag_embed(const Variable& x, int64_t offset = 0, int64_t axis0 = -2, int64_t axis1 = -1);
Variable diag(const Variable& x, int64_t offset = 0);

}  // namespace weft
