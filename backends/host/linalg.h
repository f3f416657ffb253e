// backends/host/linalg.h: one matrix of a batch, factored or solved in host memory; for every backend that computes
// there
//
// Each does item `item` of what the method of Backend of the same name does (tensor/backend.h), on one thread, in
// double whatever the dtype: so backends that share these give the same bits.
#pragma once
#include "tensor/tensor.h"

namespace weft::host {

void cholesky(const Tensor& x, const Tensor& y, int64_t item);
void solve_triangular(const Tensor& a, const Tensor& b, const Tensor& y, bool upper, bool unit, int64_t item);
void qr(const Tensor& x, const Tensor& y, int64_t item);
void lu(const Tensor& x, const Tensor& y, const Tensor& rows, int64_t item);

}  // namespace weft::host
