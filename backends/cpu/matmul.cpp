// backends/cpu/matmul.cpp: who computes a product: loops for a vector operand, own packed kernels, or OpenBLAS
#include <algorithm>
#include <optional>

#include "backends/cpu/backend_class.h"
#include "backends/cpu/ceil_div.h"
#include "backends/cpu/gemm/blas_product.h"
#include "backends/cpu/gemm/choice.h"
#include "backends/cpu/gemm/packed_product.h"
#include "backends/cpu/matrix_vector.h"
#include "backends/cpu/strided_copy.h"
#include "backends/cpu/thread_pool.h"

namespace weft::cpu_kernels {
namespace {

/// From one product of the batch to the next: 0 where all share one operand.
int64_t batch_stride(const Tensor& x) { return x.shape()[0] == 1 ? 0 : x.strides()[0]; }

/// y = matrix vector for each product of the batch; `outputs` and `depth` are axes of the matrix.
template <class T>
void multiply_vectors(Backend& backend, const Tensor& matrix, int outputs_axis, const Tensor& vector, int vector_axis,
                      const Tensor& y) {
  const int64_t batch = y.shape()[0], outputs = matrix.shape()[outputs_axis], depth = vector.shape()[vector_axis];
  const int64_t output_stride = matrix.strides()[outputs_axis], depth_stride = matrix.strides()[3 - outputs_axis];
  // A vector is small beside its matrix: dense copies of it and of the result leave one kind of loop.
  std::optional<Workspace<T>> dense_vector, dense_y;
  const T* by = vector.data<T>();
  int64_t by_batch = batch_stride(vector);
  if (depth > 1 && vector.strides()[vector_axis] != 1) {
    copy_to_dense(vector, dense_vector.emplace(backend, vector.numel()).data());
    by = dense_vector->data(), by_batch = vector.shape()[0] == 1 ? 0 : depth;
  }
  T* to = y.is_contiguous() ? y.data<T>() : dense_y.emplace(backend, y.numel()).data();
  const int64_t block = output_stride == 1 && depth_stride != 1
                            ? std::clamp(ceil_div(outputs, 8), kLeastColumns, kMostColumns)
                            : std::clamp<int64_t>(32768 / std::max<int64_t>(depth, 1), 1, outputs);
  const int64_t blocks = ceil_div(outputs, block);
  parallel_ranges(batch * blocks, std::max<int64_t>(1, 32768 / (block * depth)), [&](int64_t begin, int64_t end) {
    for (int64_t t = begin; t < end; ++t) {
      const int64_t item = t / blocks, first = t % blocks * block, count = std::min(block, outputs - first);
      const T* from = matrix.data<T>() + item * batch_stride(matrix) + first * output_stride;
      matrix_vector(from, output_stride, depth_stride, by + item * by_batch, count, depth, to + item * outputs + first);
    }
  });
  if (dense_y) copy_from_dense(dense_y->data(), y);
}

/// Each product of the batch by the own kernels.
template <class T>
void multiply_own(Backend& backend, const Tensor& a, const Tensor& b, const Tensor& y) {
  constexpr int64_t kManyProducts = 16, kTileFlops = int64_t{1} << 20;
  const int64_t batch = y.shape()[0], m = y.shape()[1], n = y.shape()[2], k = a.shape()[2];
  const MicroKernel<T> kernel = micro_kernel<T>();
  const auto multiply = [&](int64_t item) {
    run<T>(backend, kernel,
           {m,
            n,
            k,
            {a.data<T>() + item * batch_stride(a), a.strides()[1], a.strides()[2]},
            {b.data<T>() + item * batch_stride(b), b.strides()[2], b.strides()[1]},
            {y.data<T>() + item * batch_stride(y), y.strides()[1], y.strides()[2]}});
  };
  const double flops = 2.0 * static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k);
  if (batch >= kManyProducts || flops < kTileFlops) {  // each product whole within one tile
    const auto products_a_tile = static_cast<int64_t>(std::max(1.0, kTileFlops / 4 / flops));
    parallel_ranges(batch, products_a_tile, [&](int64_t begin, int64_t end) {
      for (int64_t item = begin; item < end; ++item) multiply(item);
    });
  } else {
    for (int64_t item = 0; item < batch; ++item) multiply(item);
  }
}

}  // namespace

void CpuBackend::matmul(const Tensor& a, const Tensor& b, const Tensor& y) {
  const int64_t batch = y.shape()[0], m = y.shape()[1], n = y.shape()[2], k = a.shape()[2];
  visit_floating(y.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    if (n == 1) return multiply_vectors<T>(*this, a, 1, b, 1, y);
    if (m == 1) return multiply_vectors<T>(*this, b, 2, a, 2, y);
    if (gemm_for(batch, m, n, k, y.dtype()) == Gemm::openblas) return run_openblas(*this, a, b, y);
    multiply_own<T>(*this, a, b, y);
  });
}

}  // namespace weft::cpu_kernels
