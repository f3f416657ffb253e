// backends/cpu/gemm/packed_product.h: the own matrix product: panels packed once, tiles in registers, all cores
#pragma once
#include <cstdint>

#include "backends/cpu/gemm/micro_kernel.h"
#include "tensor/backend.h"

namespace weft::cpu_kernels {

/// y = A B of a single product. Any strides, 0 among them, for each operand; y holds each of its elements once.
template <class T>
struct PackedProduct {
  struct Operand {
    const T* data;
    int64_t lane_stride;   ///< from one row of A, or one column of B, to the next
    int64_t depth_stride;  ///< from one k to the next
  };
  struct Output {
    T* data;
    int64_t row_stride, column_stride;
  };

  int64_t m, n, k;  ///< 1 or more each
  Operand a, b;
  Output y;
};

/// Bits depend on m, n, k and the kernel alone. Called inside a tile of the pool it runs there, whole.
template <class T>
void run(Backend& backend, const MicroKernel<T>& kernel, PackedProduct<T> product);

}  // namespace weft::cpu_kernels
