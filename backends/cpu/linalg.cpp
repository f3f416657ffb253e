// backends/cpu/linalg.cpp: linear algebra: the kernels of backends/host/, matrices in parallel
#include <algorithm>

#include "backends/cpu/backend_class.h"
#include "backends/cpu/thread_pool.h"
#include "backends/host/linalg.h"

namespace weft::cpu_kernels {
namespace {

/// f(item) for each matrix, as many to a tile as make about kTileFlops of `flops` each.
template <class F>
void for_each_matrix(int64_t batch, int64_t flops, F&& f) {
  constexpr int64_t kTileFlops = int64_t{1} << 16;
  parallel_ranges(batch, std::max<int64_t>(1, kTileFlops / std::max<int64_t>(flops, 1)),
                  [&](int64_t begin, int64_t end) {
                    for (int64_t item = begin; item < end; ++item) f(item);
                  });
}

}  // namespace

void CpuBackend::cholesky(const Tensor& x, const Tensor& y) {
  for_each_matrix(y.size(0), y.size(1) * y.size(2) * y.size(2), [&](int64_t item) { host::cholesky(x, y, item); });
}

void CpuBackend::solve_triangular(const Tensor& a, const Tensor& b, const Tensor& y, bool upper, bool unit) {
  for_each_matrix(y.size(0), a.size(1) * a.size(1) * y.size(2),
                  [&](int64_t item) { host::solve_triangular(a, b, y, upper, unit, item); });
}

void CpuBackend::qr(const Tensor& x, const Tensor& y) {
  for_each_matrix(y.size(0), y.size(1) * y.size(2) * y.size(2), [&](int64_t item) { host::qr(x, y, item); });
}

void CpuBackend::lu(const Tensor& x, const Tensor& y, const Tensor& rows) {
  for_each_matrix(y.size(0), y.size(1) * y.size(2) * y.size(2), [&](int64_t item) { host::lu(x, y, rows, item); });
}

}  // namespace weft::cpu_kernels
