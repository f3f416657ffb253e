// backends/host/sort.h: sorting in host memory, for every backend that has it
#pragma once
#include "tensor/direction.h"
#include "tensor/tensor.h"

namespace weft {

/// How many slices `x` has along `axis`.
inline int64_t slices_along(const Tensor& x, int64_t axis) { return x.numel() / x.shape()[axis]; }

/// Backend::sort for the slices begin .. end-1 of x, counted in row-major order.
void sort_slices(SortOrder order, const Tensor& x, int64_t axis, const Tensor& values, const Tensor& indices,
                 int64_t begin, int64_t end);

}  // namespace weft
