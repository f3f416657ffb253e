// backends/host/matrix.h: a matrix of a batch brought to double and back
#pragma once
#include <vector>

#include "tensor/tensor.h"

namespace weft::host {

/// Row-major, dense.
struct Matrix {
  int64_t rows, columns;
  std::vector<double> elements = std::vector<double>(static_cast<size_t>(rows * columns));

  double* row(int64_t i) { return elements.data() + i * columns; }
  double& operator()(int64_t i, int64_t j) { return row(i)[j]; }
};

/// x[item] of x [batch, rows, columns], any strides.
inline Matrix load(const Tensor& x, int64_t item) {
  Matrix matrix{x.shape()[1], x.shape()[2]};
  const Strides& step = x.strides();
  visit_floating(x.dtype(), [&]<class T>(TypeTag<T>) {
    const T* from = x.data<T>() + item * step[0];
    for (int64_t i = 0; i < matrix.rows; ++i)
      for (int64_t j = 0; j < matrix.columns; ++j) matrix(i, j) = from[i * step[1] + j * step[2]];
  });
  return matrix;
}

/// y[item] = matrix, from row `first` of y on; y is contiguous.
inline void store(Matrix& matrix, const Tensor& y, int64_t item, int64_t first = 0) {
  visit_floating(y.dtype(), [&]<class T>(TypeTag<T>) {
    T* to = y.data<T>() + (item * y.shape()[1] + first) * y.shape()[2];
    for (const double element : matrix.elements) *to++ = static_cast<T>(element);
  });
}

/// y += factor * x, n elements.
inline void add_multiple(double factor, const double* x, double* y, int64_t n) {
  for (int64_t i = 0; i < n; ++i) y[i] += factor * x[i];
}

inline double dot(const double* x, const double* y, int64_t n) {
  double total = 0;
  for (int64_t i = 0; i < n; ++i) total += x[i] * y[i];
  return total;
}

}  // namespace weft::host
