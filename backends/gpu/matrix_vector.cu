// backends/gpu/matrix_vector.cu: y[i] = sum_k matrix[i, k] vector[k]
#include "backends/gpu/matrix_vector.h"

#include <cmath>

#include "backends/gpu/layout.h"

namespace weft::WEFT_GPU {
namespace {

constexpr int kLanes = 32, kWarps = kBlock / kLanes;

template <class T>
struct MatrixVector {
  int64_t batch, lines, depth;
  gp<const T> matrix, vector;
  int64_t matrix_batch, line_stride, depth_stride, vector_batch, vector_stride;
};

// A block has 8 lines when rows are dense: a warp each, its lanes beside each other along the depth. Else it has 32: a
// lane each, so that neighbours read neighbours, and the warps share out the depth. Either way 8 or 32 partial sums a
// line are added up by one thread in order.
template <class T>
__global__ void __launch_bounds__(kBlock) matrix_vector_kernel(MatrixVector<T> p, bool along_depth, gp<T> y) {
  WEFT_SHARED(T, partial, kWarps, kLanes + 1);
  const int lane = static_cast<int>(threadIdx.x) % kLanes, warp = static_cast<int>(threadIdx.x) / kLanes;
  const int lines_in_block = along_depth ? kWarps : kLanes, shares = along_depth ? kLanes : kWarps;
  const int line = along_depth ? warp : lane, share = along_depth ? lane : warp;
  const int64_t blocks = (p.lines + lines_in_block - 1) / lines_in_block;
  for (int64_t item = blockIdx.x; item < p.batch * blocks; item += gridDim.x) {
    const int64_t product = item / blocks, first = (item - product * blocks) * lines_in_block, i = first + line;
    T total = 0;
    if (i < p.lines) {
      const gp<const T> row = p.matrix + product * p.matrix_batch + i * p.line_stride;
      const gp<const T> by = p.vector + product * p.vector_batch;
      for (int64_t k = share; k < p.depth; k += shares)
        total = std::fma(static_cast<T>(row[k * p.depth_stride]), static_cast<T>(by[k * p.vector_stride]), total);
    }
    partial[warp][lane] = total;
    __syncthreads();
    const int mine = static_cast<int>(threadIdx.x);
    if (mine < lines_in_block && first + mine < p.lines) {
      T sum = 0;
      for (int s = 0; s < shares; ++s) sum += along_depth ? partial[mine][s] : partial[s][mine];
      y[product * p.lines + first + mine] = sum;
    }
    __syncthreads();
  }
}

}  // namespace

bool matrix_vector(const Tensor& a, const Tensor& b, const Tensor& y) {
  constexpr int64_t kLongSum = 1 << 14, kFewOutputs = 256;
  const int64_t batch = y.shape()[0], m = y.shape()[1], n = y.shape()[2], depth = a.shape()[2];
  if ((m > 1 && n > 1) || (depth > kLongSum && y.numel() < kFewOutputs)) return false;
  const bool has_rows = n == 1;  // else y = (b^T a^T)^T, b's columns being the lines
  const Tensor &matrix = has_rows ? a : b, &vector = has_rows ? b : a;
  const int line_axis = has_rows ? 1 : 2;
  visit_floating(y.dtype(), [&]<class T>(TypeTag<T>) {
    const MatrixVector<T> p{batch,
                            has_rows ? m : n,
                            depth,
                            matrix.data<T>(),
                            vector.data<T>(),
                            product_stride(matrix),
                            matrix.strides()[line_axis],
                            matrix.strides()[3 - line_axis],
                            product_stride(vector),
                            vector.strides()[line_axis]};
    const bool along_depth = p.lines < kLanes || p.line_stride != 1;
    const int64_t blocks = (p.lines + (along_depth ? kWarps : kLanes) - 1) / (along_depth ? kWarps : kLanes);
    launch(matrix_vector_kernel<T>, grid_of(batch * blocks, 1), kBlock, 0, p, along_depth, y.data<T>());
  });
  return true;
}

}  // namespace weft::WEFT_GPU
