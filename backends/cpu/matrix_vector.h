// backends/cpu/matrix_vector.h: y = M v, by rows or by columns, and dense copies of strided operands
#pragma once
#include <cstdint>

#include "backends/cpu/dot.h"
#include "backends/cpu/elementwise_loops.h"
#include "tensor/tensor.h"

namespace weft::cpu_kernels {

inline constexpr int64_t kColumnBlock = 256;

template <class T>
void matrix_vector(const T* matrix, int64_t output_stride, int64_t depth_stride, const T* vector, int64_t vector_stride,
                   int64_t outputs, int64_t depth, T* y) {
  run_for_isa([&] {
    if (depth_stride == 1 && vector_stride == 1) {
      for (int64_t i = 0; i < outputs; ++i) y[i] = dot(matrix + i * output_stride, vector, depth);
    } else if (output_stride == 1 && outputs <= kColumnBlock) {
      T totals[kColumnBlock] = {};
      for (int64_t k = 0; k < depth; ++k) {
        const T factor = vector[k * vector_stride];
        const T* row = matrix + k * depth_stride;
        for (int64_t i = 0; i < outputs; ++i) totals[i] += row[i] * factor;
      }
      for (int64_t i = 0; i < outputs; ++i) y[i] = totals[i];
    } else {
      for (int64_t i = 0; i < outputs; ++i) {
        T total = 0;
        for (int64_t k = 0; k < depth; ++k) {
          total += matrix[i * output_stride + k * depth_stride] * vector[k * vector_stride];
        }
        y[i] = total;
      }
    }
  });
}

template <class T>
void copy_to_dense(const Tensor& x, T* to) {
  const Pieces<2> pieces(x.shape(), {x.strides(), contiguous_strides(x.shape())});
  const T* from = x.data<T>();
  parallel_ranges(pieces.numel, kTileElements, [&](int64_t begin, int64_t end) {
    pieces.visit(begin, end, [&](const auto& offsets, int64_t count) {
      copy_run(from + offsets[0], pieces.inner_stride(0), to + offsets[1], 1, count);
    });
  });
}

template <class T>
void copy_from_dense(const T* from, const Tensor& y) {
  const Pieces<2> pieces(y.shape(), {contiguous_strides(y.shape()), y.strides()});
  T* to = y.data<T>();
  parallel_ranges(pieces.numel, kTileElements, [&](int64_t begin, int64_t end) {
    pieces.visit(begin, end, [&](const auto& offsets, int64_t count) {
      copy_run(from + offsets[0], 1, to + offsets[1], pieces.inner_stride(1), count);
    });
  });
}

}  // namespace weft::cpu_kernels
