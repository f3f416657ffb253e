// backends/reference/linalg.cpp: linear algebra: the kernels of backends/host/, matrix by matrix
#include "backends/host/linalg.h"
#include "backends/reference/reference_backend.h"

namespace weft {

void ReferenceBackend::cholesky(const Tensor& x, const Tensor& y) {
  for (int64_t item = 0; item < y.size(0); ++item) host::cholesky(x, y, item);
}

void ReferenceBackend::solve_triangular(const Tensor& a, const Tensor& b, const Tensor& y, bool upper, bool unit) {
  for (int64_t item = 0; item < y.size(0); ++item) host::solve_triangular(a, b, y, upper, unit, item);
}

void ReferenceBackend::qr(const Tensor& x, const Tensor& y) {
  for (int64_t item = 0; item < y.size(0); ++item) host::qr(x, y, item);
}

void ReferenceBackend::lu(const Tensor& x, const Tensor& y, const Tensor& rows) {
  for (int64_t item = 0; item < y.size(0); ++item) host::lu(x, y, rows, item);
}

}  // namespace weft
