// backends/cpu/strided_pieces.h: several strided operands walked together in row-major order
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>

#include "tensor/shape.h"

namespace weft::cpu_kernels {

/// Elements of one tile of an element-wise kernel.
inline constexpr int64_t kTileElements = 16384;

/// A shape with size-1 axes dropped and neighbours merged where all N operands allow it; at least one axis is left.
template <int N>
struct Pieces {
  int64_t rank = 0;
  int64_t numel = 1;
  std::array<int64_t, Dims::kMaxRank> shape{};
  std::array<std::array<int64_t, Dims::kMaxRank>, N> strides{};

  Pieces(const Shape& full, const std::array<Strides, N>& full_strides) {
    for (int64_t axis = 0; axis < full.size(); ++axis) {
      if (full[axis] != 1) append(full[axis], axis, full_strides);
    }
    if (rank == 0) {
      rank = 1;
      shape[0] = 1;
    }
  }

  int64_t inner_stride(int operand) const { return strides[operand][rank - 1]; }
  bool is_flat() const { return rank == 1; }

  /// Calls f(offsets, count) for every run of elements begin .. end-1 within one innermost row.
  template <class F>
  void visit(int64_t begin, int64_t end, F&& f) const {
    std::array<int64_t, Dims::kMaxRank> index{};
    std::array<int64_t, N> offsets{};
    int64_t rest = begin;
    for (int64_t axis = rank - 1; axis >= 0; --axis) {
      index[axis] = rest % shape[axis];
      rest /= shape[axis];
      for (int n = 0; n < N; ++n) offsets[n] += index[axis] * strides[n][axis];
    }
    const int64_t inner = rank - 1;
    while (begin < end) {
      const int64_t count = std::min(shape[inner] - index[inner], end - begin);
      f(offsets, count);
      begin += count;
      index[inner] += count;
      for (int n = 0; n < N; ++n) offsets[n] += count * strides[n][inner];
      for (int64_t axis = inner; axis > 0 && index[axis] == shape[axis]; --axis) {
        index[axis] = 0;
        ++index[axis - 1];
        for (int n = 0; n < N; ++n) offsets[n] += strides[n][axis - 1] - shape[axis] * strides[n][axis];
      }
    }
  }

 private:
  void append(int64_t size, int64_t axis, const std::array<Strides, N>& full_strides) {
    bool merges = rank > 0;
    for (int n = 0; n < N && merges; ++n) merges = strides[n][rank - 1] == full_strides[n][axis] * size;
    if (!merges) {
      ++rank;
      shape[rank - 1] = 1;
    }
    shape[rank - 1] *= size;
    numel *= size;
    for (int n = 0; n < N; ++n) strides[n][rank - 1] = full_strides[n][axis];
  }
};

/// y = x for one run.
template <class T>
void copy_run(const T* x, int64_t x_stride, T* y, int64_t y_stride, int64_t count) {
  if (x_stride == 1 && y_stride == 1) {
    std::copy(x, x + count, y);
  } else if (x_stride == 0 && y_stride == 1) {
    std::fill(y, y + count, *x);
  } else {
    for (int64_t i = 0; i < count; ++i) y[i * y_stride] = x[i * x_stride];
  }
}

}  // namespace weft::cpu_kernels
