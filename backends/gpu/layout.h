// backends/gpu/layout.h: where the elements of one shape lie in several tensors at once, as a kernel is told
#pragma once
#include "backends/gpu/gpu.h"

namespace weft::WEFT_GPU {

/// Threads of a block, where nothing speaks for another number.
inline constexpr int kBlock = 256;

/// Blocks of `block` threads for `count` work items; a kernel whose grid is cut short by the limit walks on with
/// for (i = first_item(); i < count; i += item_step()). The emulator's limit is low, so that tests see that it does.
inline dim3 grid_of(int64_t count, int64_t block = kBlock) {
  constexpr int64_t kMostBlocks = device_kind == DeviceKind::emulated ? 8 : 1 << 20;  // 2^28 threads: more gain nothing
  const int64_t blocks = (count + block - 1) / block;
  return dim3(static_cast<unsigned>(blocks < kMostBlocks ? blocks : kMostBlocks));
}
__device__ __forceinline__ int64_t first_item() { return static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x; }
__device__ __forceinline__ int64_t item_step() { return static_cast<int64_t>(gridDim.x) * blockDim.x; }

/// One shape and its strides in N tensors, in elements. Axes that lie as one in every tensor are merged, and axes of
/// size 1 are left out, so that dense tensors have rank 1.
template <int N>
struct Layout {
  int rank = 0;
  int64_t numel = 1;
  int64_t size[Dims::kMaxRank] = {};
  int64_t stride[N][Dims::kMaxRank] = {};

  Layout(const Shape& shape, const Strides (&strides)[N]) {
    for (int64_t axis = 0; axis < shape.size(); ++axis) {
      if (shape[axis] == 1) continue;
      numel *= shape[axis];
      bool merges = rank > 0;
      for (int t = 0; t < N; ++t) merges = merges && stride[t][rank - 1] == strides[t][axis] * shape[axis];
      if (merges) size[rank - 1] *= shape[axis];
      else size[rank++] = shape[axis];
      for (int t = 0; t < N; ++t) stride[t][rank - 1] = strides[t][axis];
    }
  }

  /// All elements one behind the other in tensor t, or all at one place.
  bool is_dense(int t) const { return numel == 1 || (rank == 1 && stride[t][0] == 1); }
  bool is_one_element(int t) const { return numel == 1 || (rank == 1 && stride[t][0] == 0); }

  /// Where element i, counted in row-major order, lies in each tensor.
  __device__ __forceinline__ void locate(int64_t i, int64_t (&at)[N]) const {
    for (int t = 0; t < N; ++t) at[t] = 0;
    if (numel <= INT32_MAX) walk(static_cast<uint32_t>(i), at);  // division by 32 bits is several times as fast
    else walk(static_cast<uint64_t>(i), at);
  }

 private:
  template <class Index>
  __device__ __forceinline__ void walk(Index i, int64_t (&at)[N]) const {
    for (int axis = rank - 1; axis > 0; --axis) {
      const Index above = i / static_cast<Index>(size[axis]);
      const int64_t here = static_cast<int64_t>(i - above * static_cast<Index>(size[axis]));
      for (int t = 0; t < N; ++t) at[t] += here * stride[t][axis];
      i = above;
    }
    for (int t = 0; t < N; ++t) at[t] += static_cast<int64_t>(i) * stride[t][0];
  }
};

}  // namespace weft::WEFT_GPU
