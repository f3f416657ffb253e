// backends/cpu/gemm/blas_product.h: the same product by OpenBLAS
#pragma once
#include "tensor/backend.h"

namespace weft::cpu_kernels {

/// y = A B.  a [batch, m, k], b [batch, k, n], y [batch, m, n], float32 or float64, any strides. Only shapes decide the
/// bits. Throws: a size beyond OpenBLAS's 32-bit sizes.
void run_openblas(Backend& backend, const Tensor& a, const Tensor& b, const Tensor& y);

}  // namespace weft::cpu_kernels
