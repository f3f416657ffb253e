// backends/gpu/matmul.cu: products: with a vector, else by the library where there is one, else by tiles
#include "backends/gpu/gemm.h"
#include "backends/gpu/gpu_backend.h"
#include "backends/gpu/library_gemm.h"
#include "backends/gpu/matrix_vector.h"

namespace weft::WEFT_GPU {
namespace {

template <class T>
StridedPanel<T> panel_of(const Tensor& x, int line_axis, int depth_axis) {
  const int64_t line = x.strides()[line_axis], depth = x.strides()[depth_axis];
  return {x.data<T>(), product_stride(x), line, depth, depth == 1 && line != 1};
}

/// Whatever the strides.
void own_matmul(const Tensor& a, const Tensor& b, const Tensor& y) {
  const int64_t batch = y.shape()[0], m = y.shape()[1], n = y.shape()[2], k = a.shape()[2];
  visit_floating(y.dtype(), [&]<class T>(TypeTag<T>) {
    gemm<T>(batch, m, n, k, panel_of<T>(a, 1, 2), panel_of<T>(b, 2, 1), GemmOutput<T>::dense(y.data<T>(), m, n),
            y.device());
  });
}

}  // namespace

void GpuBackend::matmul(const Tensor& a, const Tensor& b, const Tensor& y) {
  if (matrix_vector(a, b, y)) return;
  const bool done = visit_floating(y.dtype(), [&]<class T>(TypeTag<T>) {
    const Strides &of_a = a.strides(), &of_b = b.strides();
    return library_gemm(LibraryProduct<T>{y.shape()[0], y.shape()[1], y.shape()[2], a.shape()[2], a.data<T>(),
                                          b.data<T>(), y.data<T>(), product_stride(a), of_a[1], of_a[2],
                                          product_stride(b), of_b[1], of_b[2]});
  });
  if (!done) own_matmul(a, b, y);
}

}  // namespace weft::WEFT_GPU
