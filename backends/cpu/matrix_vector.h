// backends/cpu/matrix_vector.h: y = M v, by rows or by columns
#pragma once
#include <cstdint>

#include "backends/cpu/dot.h"
#include "backends/cpu/elementwise_loops.h"
#include "tensor/tensor.h"

namespace weft::cpu_kernels {

inline constexpr int64_t kLeastColumns = 256, kMostColumns = 1024;  ///< outputs at a time where a row lies along them

/// y_i = sum_k matrix[i][k] vector[k], `outputs` of them; no multiply-add fuses: the same bits on every level.
template <class T>
void matrix_vector(const T* matrix, int64_t output_stride, int64_t depth_stride, const T* vector, int64_t outputs,
                   int64_t depth, T* y) {
  run_for_isa([&] {
    if (depth_stride == 1) {
      for (int64_t i = 0; i < outputs; ++i) y[i] = dot(matrix + i * output_stride, vector, depth);
    } else if (output_stride == 1 && outputs <= kMostColumns) {
      // Four rows at a time, added in order: the totals pass through memory a quarter as often.
      T totals[kMostColumns] = {};
      int64_t k = 0;
      for (; k + 4 <= depth; k += 4) {
        const T *row = matrix + k * depth_stride, *row1 = row + depth_stride, *row2 = row1 + depth_stride,
                *row3 = row2 + depth_stride;
        const T v0 = vector[k], v1 = vector[k + 1], v2 = vector[k + 2], v3 = vector[k + 3];
        for (int64_t i = 0; i < outputs; ++i) {
          totals[i] = totals[i] + row[i] * v0 + row1[i] * v1 + row2[i] * v2 + row3[i] * v3;
        }
      }
      for (; k < depth; ++k) {
        for (int64_t i = 0; i < outputs; ++i) totals[i] += matrix[k * depth_stride + i] * vector[k];
      }
      for (int64_t i = 0; i < outputs; ++i) y[i] = totals[i];
    } else {
      for (int64_t i = 0; i < outputs; ++i) y[i] = strided_dot(matrix + i * output_stride, depth_stride, vector, depth);
    }
  });
}

}  // namespace weft::cpu_kernels
