// backends/cpu/gemm/blas_product.cpp: OpenBLAS on one thread inside tiles cut by shape
//
// OpenBLAS gives other bits for other thread counts, so it never sees more than one; the tiles run on our pool.
#include "backends/cpu/gemm/blas_product.h"

#include <cblas.h>

#include <algorithm>
#include <optional>

#include "backends/cpu/ceil_div.h"
#include "backends/cpu/memory_pool.h"
#include "backends/cpu/strided_copy.h"
#include "backends/cpu/thread_pool.h"

namespace weft::cpu_kernels {
namespace {

constexpr int64_t kBlasTileFlops = int64_t{4} << 20;  // below this, waking a thread costs more than it gains
constexpr int64_t kBlasTiles = 16;
constexpr int64_t kSmallestTile = 32;
constexpr int64_t kLargestBlasSize = int64_t{1} << 30;

/// One operand as OpenBLAS takes it: rows or columns dense.
template <class T>
struct Matrix {
  const T* data;
  int64_t batch_stride, row_stride, column_stride;

  const T* at(int64_t batch, int64_t row, int64_t column) const {
    return data + batch * batch_stride + row * row_stride + column * column_stride;
  }
  CBLAS_TRANSPOSE transposed() const { return column_stride == 1 ? CblasNoTrans : CblasTrans; }
  int64_t leading() const { return column_stride == 1 ? row_stride : column_stride; }
};

/// Strides of an axis of size 1 say nothing: give them the value of a dense matrix.
template <class T>
Matrix<T> matrix_of(const Tensor& x) {
  const int64_t rows = x.shape()[1], columns = x.shape()[2];
  int64_t row_stride = x.strides()[1], column_stride = x.strides()[2];
  if (columns == 1 && row_stride != 1) column_stride = 1;
  if (rows == 1 && column_stride != 1) row_stride = 1;
  if (columns == 1 && row_stride == 1) column_stride = std::max<int64_t>(rows, 1);
  if (rows == 1 && column_stride == 1) row_stride = std::max<int64_t>(columns, 1);
  return {x.data<T>(), x.shape()[0] == 1 ? 0 : x.strides()[0], row_stride, column_stride};
}

template <class T>
bool is_blas_layout(const Matrix<T>& m, int64_t rows, int64_t columns) {
  return (m.column_stride == 1 && m.row_stride >= std::max<int64_t>(columns, 1)) ||
         (m.row_stride == 1 && m.column_stride >= std::max<int64_t>(rows, 1));
}

void gemm(const Matrix<float>& a, const float* a0, const Matrix<float>& b, const float* b0, int64_t m, int64_t n,
          int64_t k, float* y, int64_t y_row) {
  cblas_sgemm(CblasRowMajor, a.transposed(), b.transposed(), int(m), int(n), int(k), 1, a0, int(a.leading()), b0,
              int(b.leading()), 0, y, int(y_row));
}
void gemm(const Matrix<double>& a, const double* a0, const Matrix<double>& b, const double* b0, int64_t m, int64_t n,
          int64_t k, double* y, int64_t y_row) {
  cblas_dgemm(CblasRowMajor, a.transposed(), b.transposed(), int(m), int(n), int(k), 1, a0, int(a.leading()), b0,
              int(b.leading()), 0, y, int(y_row));
}

/// How one product is cut. Only sizes decide.
struct BlasCut {
  int64_t rows, columns, depth;  ///< of a tile
  int64_t batches = 1;           ///< products a tile, when they are small

  BlasCut(int64_t batch, int64_t m, int64_t n, int64_t k) : rows(m), columns(n), depth(k) {
    const auto tiles = [&] { return batch * ceil_div(m, rows) * ceil_div(n, columns); };
    while (tiles() < kBlasTiles && 2 * rows * columns * k >= 2 * kBlasTileFlops &&
           std::max(rows, columns) > kSmallestTile) {
      int64_t& longer = rows > columns ? rows : columns;
      longer = ceil_div(ceil_div(longer, 2), 16) * 16;
    }
    // A long product of few outputs, as weight gradients are: the depth is cut too.
    const int64_t slices = std::min(kBlasTiles / tiles(), 2 * rows * columns * k / kBlasTileFlops);
    if (slices > 1) depth = ceil_div(k, slices);
    batches = std::clamp<int64_t>(kBlasTileFlops / 4 / std::max<int64_t>(2 * m * n * k, 1), 1, batch);
  }
};

template <class T>
struct Product {
  Backend& backend;
  Matrix<T> a, b;
  int64_t batch, m, n, k;
  T* y;  ///< [batch, m, n], dense
  BlasCut cut{batch, m, n, k};

  void tile(int64_t item, int64_t row, int64_t column, int64_t slice, T* to) const {
    const int64_t first = slice * cut.depth;
    gemm(a, a.at(item, row, first), b, b.at(item, first, column), std::min(cut.rows, m - row),
         std::min(cut.columns, n - column), std::min(cut.depth, k - first), to + (item * m + row) * n + column, n);
  }

  void run() const {
    const int64_t row_tiles = ceil_div(m, cut.rows), column_tiles = ceil_div(n, cut.columns);
    const int64_t slices = ceil_div(k, cut.depth), tiles = row_tiles * column_tiles * slices, numel = batch * m * n;
    // Slice 0 goes straight to y, the others beside it; they are added in order.
    std::optional<Workspace<T>> others;
    if (slices > 1) others.emplace(backend, (slices - 1) * numel);
    parallel_for(ceil_div(batch, cut.batches) * tiles, [&](int64_t t) {
      const int64_t column = t % column_tiles, row = t / column_tiles % row_tiles;
      const int64_t slice = t / column_tiles / row_tiles % slices, first = t / tiles * cut.batches;
      T* to = slice == 0 ? y : others->data() + (slice - 1) * numel;
      for (int64_t item = first; item < std::min(batch, first + cut.batches); ++item) {
        tile(item, row * cut.rows, column * cut.columns, slice, to);
      }
    });
    for (int64_t slice = 1; slice < slices; ++slice) {
      const T* more = others->data() + (slice - 1) * numel;
      for (int64_t i = 0; i < numel; ++i) y[i] += more[i];
    }
  }
};

}  // namespace

void run_openblas(Backend& backend, const Tensor& a, const Tensor& b, const Tensor& y) {
  visit_floating(y.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    const int64_t batch = y.shape()[0], m = y.shape()[1], n = y.shape()[2], k = a.shape()[2];
    for (const int64_t size : {m, n, k}) {
      if (size > kLargestBlasSize)
        fail("matmul", "a size of {} is beyond OpenBLAS's 32-bit sizes; hint: set_gemm(Gemm::own)", size);
    }
    // An operand with neither rows nor columns dense is copied first.
    std::optional<Workspace<T>> room[2];
    const auto blas_matrix = [&](const Tensor& x, std::optional<Workspace<T>>& copied) {
      const Matrix<T> matrix = matrix_of<T>(x);
      if (is_blas_layout(matrix, x.shape()[1], x.shape()[2]) && matrix.leading() <= kLargestBlasSize) return matrix;
      copied.emplace(backend, x.numel());
      copy_to_dense(x, copied->data());
      return Matrix<T>{copied->data(), x.shape()[1] * x.shape()[2], x.shape()[2], 1};
    };
    const Matrix<T> left = blas_matrix(a, room[0]), right = blas_matrix(b, room[1]);
    if (y.is_contiguous()) return Product<T>{backend, left, right, batch, m, n, k, y.data<T>()}.run();
    const Workspace<T> dense(backend, y.numel());
    Product<T>{backend, left, right, batch, m, n, k, dense.data()}.run();
    copy_from_dense(dense.data(), y);
  });
}

}  // namespace weft::cpu_kernels
