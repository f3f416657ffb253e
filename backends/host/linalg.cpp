// backends/host/linalg.cpp: factorisations of one matrix, unblocked, as the textbook has them
#include "backends/host/linalg.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "backends/host/matrix.h"

namespace weft::host {

// y_ij = (x_ij - sum_k<j y_ik y_jk) / y_jj for j < i, y_ii = sqrt(x_ii - sum_k<i y_ik^2): row by row (Banachiewicz).
void cholesky(const Tensor& x, const Tensor& y, int64_t item) {
  Matrix a = load(x, item);
  const int64_t n = a.rows;
  int64_t i = 0;
  for (; i < n; ++i) {
    for (int64_t j = 0; j < i; ++j) a(i, j) = (a(i, j) - dot(a.row(i), a.row(j), j)) / a(j, j);
    const double square = a(i, i) - dot(a.row(i), a.row(i), i);
    if (!(square > 0)) break;  // also NaN
    a(i, i) = std::sqrt(square);
    std::fill(a.row(i) + i + 1, a.row(i) + n, 0.0);
  }
  std::fill(a.row(i), a.row(n), std::numeric_limits<double>::quiet_NaN());
  store(a, y, item);
}

// Row i of y is (row i of b - sum_j a_ij row j of y) / a_ii, over the rows j that are known before it.
void solve_triangular(const Tensor& a, const Tensor& b, const Tensor& y, bool upper, bool unit, int64_t item) {
  Matrix triangle = load(a, item), solution = load(b, item);
  const int64_t n = solution.rows, k = solution.columns;
  for (int64_t step = 0; step < n; ++step) {
    const int64_t i = upper ? n - 1 - step : step;
    for (int64_t j = upper ? i + 1 : 0; j < (upper ? n : i); ++j)
      add_multiple(-triangle(i, j), solution.row(j), solution.row(i), k);
    if (unit) continue;
    for (int64_t c = 0; c < k; ++c) solution(i, c) /= triangle(i, i);
  }
  store(solution, y, item);
}

// Row k is swapped with the one that has the largest element in column k, then taken from the rows below.
void lu(const Tensor& x, const Tensor& y, const Tensor& rows, int64_t item) {
  Matrix a = load(x, item);
  const int64_t n = a.rows;
  int64_t* order = rows.data<int64_t>() + item * n;
  std::iota(order, order + n, 0);
  for (int64_t k = 0; k < n; ++k) {
    int64_t pivot = k;
    for (int64_t i = k + 1; i < n; ++i)
      if (std::fabs(a(i, k)) > std::fabs(a(pivot, k))) pivot = i;
    if (pivot != k) std::swap_ranges(a.row(k), a.row(k) + n, a.row(pivot));
    std::swap(order[k], order[pivot]);
    if (a(k, k) == 0) continue;
    for (int64_t i = k + 1; i < n; ++i) {
      a(i, k) /= a(k, k);
      add_multiple(-a(i, k), a.row(k) + k + 1, a.row(i) + k + 1, n - k - 1);
    }
  }
  store(a, y, item);
}

namespace {

/// Euclid's length, scaled so that squares neither overflow nor vanish.
double norm(const double* x, int64_t n) {
  double largest = 0, total = 0;
  for (int64_t i = 0; i < n; ++i) largest = std::max(largest, std::fabs(x[i]));
  if (largest == 0) return dot(x, x, n);  // 0, or NaN, which std::max skips
  for (int64_t i = 0; i < n; ++i) total += (x[i] / largest) * (x[i] / largest);
  return largest * std::sqrt(total);
}

/// H = I - tau v v^T with v[0] = 1 takes x [n] to (length, 0, ...). v is left in x, but for v[0], and H x's first
/// element is returned (LAPACK's larfg: of the sign opposite to x[0]; H = I when x is (x[0], 0, ...) already).
struct Reflection {
  double tau, length;
};
Reflection reflect(double* x, int64_t n) {
  const double rest = norm(x + 1, n - 1);
  if (rest == 0) return {0, x[0]};
  const double length = -std::copysign(std::hypot(x[0], rest), x[0]);
  const double tau = (length - x[0]) / length;
  for (int64_t i = 1; i < n; ++i) x[i] /= x[0] - length;
  return {tau, length};
}

/// y = H y.
void apply(double tau, const double* v, double* y, int64_t n) {
  const double factor = -tau * (y[0] + dot(v + 1, y + 1, n - 1));
  y[0] += factor;
  add_multiple(factor, v + 1, y + 1, n - 1);
}

Matrix transposed(Matrix& x) {
  Matrix y{x.columns, x.rows};
  for (int64_t i = 0; i < x.rows; ++i)
    for (int64_t j = 0; j < x.columns; ++j) y(j, i) = x(i, j);
  return y;
}

}  // namespace

// H_n ... H_1 x = R, so Q = H_1 ... H_n. The columns of x and Q are rows here, dense.
void qr(const Tensor& x, const Tensor& y, int64_t item) {
  Matrix rows = load(x, item), a = transposed(rows);
  const int64_t m = a.columns, n = a.rows;
  Matrix q{n, m}, r{n, n};
  std::vector<double> taus;
  for (int64_t k = 0; k < n; ++k) {
    const auto [tau, length] = reflect(a.row(k) + k, m - k);
    for (int64_t j = k + 1; j < n; ++j) apply(tau, a.row(k) + k, a.row(j) + k, m - k);
    a(k, k) = length;
    for (int64_t i = 0; i <= k; ++i) r(i, k) = a(k, i);
    taus.push_back(tau);
  }
  for (int64_t j = 0; j < n; ++j) {
    q(j, j) = 1;
    for (int64_t k = j; k >= 0; --k) apply(taus[static_cast<size_t>(k)], a.row(k) + k, q.row(j) + k, m - k);
  }
  Matrix upright = transposed(q);
  store(upright, y, item);
  store(r, y, item, m);
}

}  // namespace weft::host
