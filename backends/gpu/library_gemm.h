// backends/gpu/library_gemm.h: products by the card maker's library, where there is one
#pragma once
#include <cstdint>

namespace weft {

/// y[s] = a[s] b[s] for `batch` products: a [m, k], b [k, n], y [m, n], y dense. Strides count elements; those from
/// product to product may be 0.
template <class T>
struct LibraryProduct {
  int64_t batch, m, n, k;
  const T *a, *b;
  T* y;
  int64_t a_batch, a_row, a_column;
  int64_t b_batch, b_row, b_column;
};

/// False, and nothing done, where there is no library or it cannot take the strides.
namespace cuda_gpu {
bool library_gemm(const LibraryProduct<float>& product);
bool library_gemm(const LibraryProduct<double>& product);
}  // namespace cuda_gpu
namespace emulated_gpu {
bool library_gemm(const LibraryProduct<float>& product);
bool library_gemm(const LibraryProduct<double>& product);
}  // namespace emulated_gpu

}  // namespace weft
