// backends/cpu/gemm/choice.h: which product is faster, as measured
#pragma once
#include <cstdint>

#include "backends/cpu/cpu_backend.h"
#include "tensor/dtype.h"

namespace weft::cpu_kernels {

/// What gemm_in_use() means for batch x [m, k] [k, n]: never automatic.
Gemm gemm_for(int64_t batch, int64_t m, int64_t n, int64_t k, DType dtype);

}  // namespace weft::cpu_kernels
