// autograd/sort.h: sorting that records its derivative
#pragma once
#include "autograd/variable.h"
#include "tensor/sort.h"

namespace weft {

struct SortedVariable {
  Variable values;
  Tensor indices;
};

/// The gradient of each value goes back to where the value stood.
SortedVariable sort(const Variable& x, int64_t axis = -1, SortOrder order = SortOrder::ascending);
SortedVariable topk(const Variable& x, int64_t count, int64_t axis = -1, SortOrder order = SortOrder::descending);

}  // namespace weft
