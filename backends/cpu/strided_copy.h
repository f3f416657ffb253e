// backends/cpu/strided_copy.h: dense copies of strided operands
#pragma once
#include "backends/cpu/elementwise_loops.h"
#include "tensor/tensor.h"

namespace weft::cpu_kernels {

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
