// backends/cpu/sort.cpp: slices are sorted side by side, each on one thread
#include "backends/host/sort.h"

#include "backends/cpu/backend_class.h"
#include "backends/cpu/strided_pieces.h"
#include "backends/cpu/thread_pool.h"

namespace weft::cpu_kernels {

void CpuBackend::sort(SortOrder order, const Tensor& x, int64_t axis, const Tensor& values, const Tensor& indices) {
  const int64_t grain = std::max<int64_t>(1, kTileElements / 16 / x.shape()[axis]);  // a compare costs more than an add
  parallel_ranges(slices_along(x, axis), grain,
                  [&](int64_t begin, int64_t end) { sort_slices(order, x, axis, values, indices, begin, end); });
}

}  // namespace weft::cpu_kernels
