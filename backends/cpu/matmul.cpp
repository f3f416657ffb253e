// backends/cpu/matmul.cpp: OpenBLAS on one thread inside tiles cut by shape, and own loops for a vector operand
//
// OpenBLAS gives other bits for other thread counts, so it never sees more than one; the tiles run on our pool.
#include <cblas.h>

#include <algorithm>
#include <optional>

#include "backends/cpu/backend_class.h"
#include "backends/cpu/ceil_div.h"
#include "backends/cpu/matrix_vector.h"
#include "backends/cpu/thread_pool.h"

namespace weft::cpu_kernels {
namespace {

constexpr int64_t kTileFlops = int64_t{4} << 20;  // below this, waking a thread costs more than it gains
constexpr int64_t kTiles = 16;
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
struct Cut {
  int64_t rows, columns, depth;  ///< of a tile
  int64_t batches = 1;           ///< products a tile, when they are small

  Cut(int64_t batch, int64_t m, int64_t n, int64_t k) : rows(m), columns(n), depth(k) {
    const auto tiles = [&] { return batch * ceil_div(m, rows) * ceil_div(n, columns); };
    while (tiles() < kTiles && 2 * rows * columns * k >= 2 * kTileFlops && std::max(rows, columns) > kSmallestTile) {
      int64_t& longer = rows > columns ? rows : columns;
      longer = ceil_div(ceil_div(longer, 2), 16) * 16;
    }
    // A long product of few outputs, as weight gradients are: the depth is cut too.
    const int64_t slices = std::min(kTiles / tiles(), 2 * rows * columns * k / kTileFlops);
    if (slices > 1) depth = ceil_div(k, slices);
    batches = std::clamp<int64_t>(kTileFlops / 4 / std::max<int64_t>(2 * m * n * k, 1), 1, batch);
  }
};

template <class T>
struct Product {
  Backend& backend;
  Matrix<T> a, b;
  int64_t batch, m, n, k;
  T* y;  ///< [batch, m, n], dense
  Cut cut{batch, m, n, k};

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

/// y = matrix vector for each item of the batch.
template <class T>
void multiply_vectors(const Matrix<T>& matrix, const Matrix<T>& vector, int64_t vector_stride, int64_t batch,
                      int64_t outputs, int64_t depth, int64_t output_stride, int64_t depth_stride, T* y) {
  const int64_t block = output_stride == 1 && depth_stride != 1
                            ? kColumnBlock
                            : std::clamp<int64_t>(32768 / std::max<int64_t>(depth, 1), 1, outputs);
  const int64_t blocks = ceil_div(outputs, block);
  parallel_ranges(batch * blocks, std::max<int64_t>(1, 32768 / (block * depth)), [&](int64_t begin, int64_t end) {
    for (int64_t t = begin; t < end; ++t) {
      const int64_t item = t / blocks, first = t % blocks * block, count = std::min(block, outputs - first);
      const T* from = matrix.data + item * matrix.batch_stride + first * output_stride;
      const T* by = vector.data + item * vector.batch_stride;
      matrix_vector(from, output_stride, depth_stride, by, vector_stride, count, depth, y + item * outputs + first);
    }
  });
}

template <class T>
void product(Backend& backend, const Matrix<T>& a, const Matrix<T>& b, const Shape& out, int64_t k, T* y) {
  const int64_t batch = out[0], m = out[1], n = out[2];
  if (n == 1) {
    multiply_vectors(a, b, b.row_stride, batch, m, k, a.row_stride, a.column_stride, y);
  } else if (m == 1) {
    multiply_vectors(b, a, a.column_stride, batch, n, k, b.column_stride, b.row_stride, y);
  } else {
    Product<T>{backend, a, b, batch, m, n, k, y}.run();
  }
}

}  // namespace

void CpuBackend::matmul(const Tensor& a, const Tensor& b, const Tensor& y) {
  visit_floating(y.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    const int64_t k = a.shape()[2];
    for (const int64_t size : {y.shape()[1], y.shape()[2], k}) {
      if (size > kLargestBlasSize) fail("matmul", "a size of {} is beyond OpenBLAS's 32-bit sizes", size);
    }
    // An operand with neither rows nor columns dense is copied first.
    std::optional<Workspace<T>> room[2];
    const auto blas_matrix = [&](const Tensor& x, std::optional<Workspace<T>>& copied) {
      const Matrix<T> matrix = matrix_of<T>(x);
      if (is_blas_layout(matrix, x.shape()[1], x.shape()[2]) && matrix.leading() <= kLargestBlasSize) return matrix;
      copied.emplace(*this, x.numel());
      copy_to_dense(x, copied->data());
      return Matrix<T>{copied->data(), x.shape()[1] * x.shape()[2], x.shape()[2], 1};
    };
    const Matrix<T> left = blas_matrix(a, room[0]);
    const Matrix<T> right = blas_matrix(b, room[1]);
    if (y.is_contiguous()) return product(*this, left, right, y.shape(), k, y.data<T>());
    const Workspace<T> dense(*this, y.numel());
    product(*this, left, right, y.shape(), k, dense.data());
    copy_from_dense(dense.data(), y);
  });
}

}  // namespace weft::cpu_kernels
