// backends/reference/sort.cpp: sorting, which backends/host/ does for all
#include "backends/host/sort.h"

#include "backends/reference/reference_backend.h"

namespace weft {

void ReferenceBackend::sort(SortOrder order, const Tensor& x, int64_t axis, const Tensor& values,
                            const Tensor& indices) {
  sort_slices(order, x, axis, values, indices, 0, slices_along(x, axis));
}

}  // namespace weft
