// backends/gpu/linalg.cu: factorisations and triangular systems, in double, a block a matrix
//
// Each kernel works in place on scratch memory that holds every matrix of the batch in double, row-major and dense;
// copy() brings elements there and back. Shared memory would hold no matrix beyond 150 x 150, the scratch holds any.
#include <algorithm>
#include <limits>

#include "backends/gpu/gpu_backend.h"
#include "backends/gpu/layout.h"
#include "backends/gpu/team.h"
#include "tensor/create.h"

namespace weft::WEFT_GPU {
namespace {

constexpr int kMostWarps = 32, kMostThreads = kWarp * kMostWarps;

/// Threads of a block for `rows` rows that warps share out: full warps, more for more rows.
int threads_for(int64_t rows) { return kWarp * static_cast<int>(std::clamp<int64_t>(rows / 4, 1, kMostWarps)); }
dim3 block_each(int64_t batch) { return grid_of(batch, 1); }

struct Larger {  // passes over NaN
  __device__ double operator()(double a, double b) const { return fmax(a, b); }
};

/// sum_i<n x[i] y[i] by one warp.
__device__ __forceinline__ double dot_warp(gp<const double> x, gp<const double> y, int64_t n) {
  double total = 0;
  for (int64_t i = threadIdx.x % kWarp; i < n; i += kWarp) total += x[i] * y[i];
  return fold_warp(total, Plus{});
}
/// y += factor x by one warp.
__device__ __forceinline__ void add_multiple_warp(double factor, gp<const double> x, gp<double> y, int64_t n) {
  for (int64_t i = threadIdx.x % kWarp; i < n; i += kWarp) y[i] += factor * x[i];
}

// y_ik = (x_ik - sum_j<k y_ij y_kj) / y_kk for i > k, and y_kk the root of such a difference: column by column, a warp
// a row. Three barriers a column: sums before the pivot, pivot before the quotients, quotients before the next sums.
__global__ void __launch_bounds__(kMostThreads) cholesky_kernel(int64_t batch, int64_t n, gp<double> scratch) {
  const int64_t thread = threadIdx.x, threads = blockDim.x, warp = thread / kWarp, warps = threads / kWarp;
  for (int64_t item = blockIdx.x; item < batch; item += gridDim.x) {
    const gp<double> a = scratch + item * n * n;
    int64_t k = 0;
    for (; k < n; ++k) {
      for (int64_t i = k + warp; i < n; i += warps) {
        const double total = dot_warp(a + i * n, a + k * n, k);
        if (thread % kWarp == 0) a[i * n + k] -= total;
      }
      __syncthreads();
      const double square = a[k * n + k];
      if (!(square > 0)) break;  // also NaN; all threads agree
      const double root = sqrt(square);
      __syncthreads();
      if (thread == 0) a[k * n + k] = root;
      for (int64_t i = k + 1 + thread; i < n; i += threads) a[i * n + k] /= root;
      __syncthreads();
    }
    __syncthreads();  // all have left the loop
    for (int64_t at = thread; at < n * n; at += threads) {
      const int64_t i = at / n, j = at - i * n;
      if (i >= k) a[at] = std::numeric_limits<double>::quiet_NaN();
      else if (j > i) a[at] = 0;
    }
    __syncthreads();
  }
}

/// `columns` neighbouring columns of y are a block's, and their rows are dealt to `lanes` threads each.
struct TriangleShape {
  int64_t batch, n, k;
  int64_t a_batch, a_row, a_column;
  int columns, lanes;
  bool upper, unit;
};

// Row i of y is final once the rows known before it have been taken away: it is divided by a_ii, then taken away from
// the others. A row belongs to one thread a column, so that a step needs one barrier: before others read the row.
template <class T>
__global__ void solve_triangular_kernel(TriangleShape shape, gp<const T> a, gp<double> y) {
  const int64_t n = shape.n, k = shape.k, chunks = (k + shape.columns - 1) / shape.columns;
  const int64_t column_in_block = threadIdx.x % shape.columns, lane = threadIdx.x / shape.columns;
  for (int64_t item = blockIdx.x; item < shape.batch * chunks; item += gridDim.x) {
    const int64_t matrix = item / chunks, column = item % chunks * shape.columns + column_in_block;
    const bool has_work = column < k && lane < shape.lanes;
    const gp<const T> triangle = a + matrix * shape.a_batch;
    const gp<double> solution = y + matrix * n * k;
    for (int64_t step = 0; step < n; ++step) {
      const int64_t i = shape.upper ? n - 1 - step : step;
      const bool owns = has_work && i % shape.lanes == lane;
      if (owns && !shape.unit)
        solution[i * k + column] /= static_cast<double>(triangle[i * (shape.a_row + shape.a_column)]);
      __syncthreads();
      if (!has_work) continue;
      const double known = solution[i * k + column];
      const int64_t first = shape.upper ? lane : i + 1 + (lane + 2 * shape.lanes - 1 - i % shape.lanes) % shape.lanes;
      const int64_t end = shape.upper ? i : n;
      for (int64_t r = first; r < end; r += shape.lanes)
        solution[r * k + column] -= static_cast<double>(triangle[r * shape.a_row + i * shape.a_column]) * known;
    }
    __syncthreads();
  }
}

/// The larger pivot; of equals the one that stands first.
struct Pivot {
  double size;
  int64_t row;
};
struct Better {
  __device__ Pivot operator()(const Pivot& a, const Pivot& b) const {
    return b.size > a.size || (b.size == a.size && b.row < a.row) ? b : a;
  }
};
__device__ __forceinline__ Pivot across(const Pivot& pivot, int distance) {
  return {weft::WEFT_GPU::across(pivot.size, distance), weft::WEFT_GPU::across(pivot.row, distance)};
}

// Row k is swapped with the one that has the largest element in column k, then taken from the rows below, a warp a row.
// A NaN at a_kk stays; elsewhere NaN is no pivot.
__global__ void __launch_bounds__(kMostThreads)
    lu_kernel(int64_t batch, int64_t n, gp<double> scratch, gp<int64_t> rows) {
  const int64_t thread = threadIdx.x, threads = blockDim.x, lane = thread % kWarp;
  const int64_t warp = thread / kWarp, warps = threads / kWarp;
  for (int64_t item = blockIdx.x; item < batch; item += gridDim.x) {
    const gp<double> a = scratch + item * n * n;
    const gp<int64_t> order = rows + item * n;
    for (int64_t i = thread; i < n; i += threads) order[i] = i;
    __syncthreads();
    for (int64_t k = 0; k < n; ++k) {
      Pivot pivot{-1, n};
      for (int64_t i = k + thread; i < n; i += threads) {
        const double size = fabs(static_cast<double>(a[i * n + k]));
        const bool stays = i == k && size != size;
        pivot = Better{}(pivot, {stays ? std::numeric_limits<double>::infinity() : size, i});
      }
      pivot = RowTeam{}.fold(pivot, Better{});
      __syncthreads();  // all have read the column
      if (pivot.row != k) {
        for (int64_t j = thread; j < n; j += threads) {
          const double above = a[k * n + j], below = a[pivot.row * n + j];
          a[k * n + j] = below, a[pivot.row * n + j] = above;
        }
        if (thread == 0) {
          const int64_t above = order[k], below = order[pivot.row];
          order[k] = below, order[pivot.row] = above;
        }
      }
      __syncthreads();
      const double top = a[k * n + k];
      if (top != 0) {
        for (int64_t i = k + 1 + warp; i < n; i += warps) {
          const double factor = a[i * n + k] / top;
          __syncwarp();
          if (lane == 0) a[i * n + k] = factor;
          add_multiple_warp(-factor, a + k * n + k + 1, a + i * n + k + 1, n - k - 1);
        }
      }
      __syncthreads();
    }
  }
}

/// Euclid's length of x [n] by the block, scaled so that squares neither overflow nor vanish.
__device__ __forceinline__ double norm_block(gp<const double> x, int64_t n) {
  double largest = 0, total = 0;
  for (int64_t i = threadIdx.x; i < n; i += blockDim.x) largest = fmax(largest, fabs(static_cast<double>(x[i])));
  largest = RowTeam{}.fold(largest, Larger{});
  const double scale = largest == 0 ? 1 : largest;  // then the sum is 0, or NaN, which the maximum passes over
  for (int64_t i = threadIdx.x; i < n; i += blockDim.x) total += (x[i] / scale) * (x[i] / scale);
  return scale * sqrt(RowTeam{}.fold(total, Plus{}));
}

/// y = H y for H = I - tau v v^T with v[0] = 1, whatever stands there, by one warp.
__device__ __forceinline__ void reflect_warp(double tau, gp<const double> v, gp<double> y, int64_t n) {
  const double first = y[0];
  const double factor = -tau * (first + dot_warp(v + 1, y + 1, n - 1));
  __syncwarp();
  if (threadIdx.x % kWarp == 0) y[0] = first + factor;
  add_multiple_warp(factor, v + 1, y + 1, n - 1);
}

// H_n ... H_1 x = R. a holds x's columns as rows [n, m]; row k becomes R's column k down to the diagonal, and behind it
// v_k of H_k = I - tau_k v_k v_k^T, which takes column k to (length, 0, ...) from row k on (LAPACK's larfg: of the sign
// opposite to the element; H = I when there is nothing to take away). The columns behind are reflected, a warp each.
__global__ void __launch_bounds__(kMostThreads)
    qr_kernel(int64_t batch, int64_t m, int64_t n, gp<double> scratch, gp<double> taus) {
  const int64_t thread = threadIdx.x, threads = blockDim.x, warp = thread / kWarp, warps = threads / kWarp;
  for (int64_t item = blockIdx.x; item < batch; item += gridDim.x) {
    const gp<double> a = scratch + item * n * m;
    for (int64_t k = 0; k < n; ++k) {
      const gp<double> x = a + k * m + k;
      const double first = x[0], rest = norm_block(x + 1, m - k - 1);
      __syncthreads();  // all have read x
      const bool is_done = rest == 0;
      const double length = is_done ? first : -copysign(hypot(first, rest), first);
      const double tau = is_done ? 0 : (length - first) / length;
      if (!is_done)
        for (int64_t i = 1 + thread; i < m - k; i += threads) x[i] /= first - length;
      if (thread == 0) x[0] = length, taus[item * n + k] = tau;
      __syncthreads();
      for (int64_t j = k + 1 + warp; j < n; j += warps) reflect_warp(tau, x, a + j * m + k, m - k);
      __syncthreads();
    }
  }
}

// Q = H_1 ... H_n, and R: column j of both, one below the other, is row j of y [batch, n, m + n], a warp's work. Column
// j of Q is H_1 ... H_j e_j.
__global__ void qr_columns(int64_t batch, int64_t m, int64_t n, gp<const double> scratch, gp<const double> taus,
                           gp<double> y) {
  const int64_t lane = threadIdx.x % kWarp;
  for (int64_t number = first_item() / kWarp; number < batch * n; number += item_step() / kWarp) {
    const int64_t item = number / n, j = number - item * n;
    const gp<const double> a = scratch + item * n * m;
    const gp<double> q = y + number * (m + n);
    for (int64_t i = lane; i < m; i += kWarp) q[i] = i == j ? 1 : 0;
    for (int64_t i = lane; i < n; i += kWarp) q[m + i] = i <= j ? static_cast<double>(a[j * m + i]) : 0;
    __syncwarp();
    for (int64_t k = j; k >= 0; --k) {
      reflect_warp(taus[item * n + k], a + k * m + k, q + k, m - k);
      __syncwarp();
    }
  }
}

Tensor doubles(const Shape& shape, const Tensor& like) {
  return empty(shape, {.dtype = DType::float64, .device = like.device()});
}

}  // namespace

void GpuBackend::cholesky(const Tensor& x, const Tensor& y) {
  const int64_t batch = y.shape()[0], n = y.shape()[1];
  const Tensor a = doubles(y.shape(), y);
  copy(x, a);
  launch(cholesky_kernel, block_each(batch), threads_for(n), 0, batch, n, a.data<double>());
  copy(a, y);
}

void GpuBackend::solve_triangular(const Tensor& a, const Tensor& b, const Tensor& y, bool upper, bool unit) {
  constexpr int kThreads = 256;
  const int64_t batch = y.shape()[0], n = y.shape()[1], k = y.shape()[2];
  const Strides& of_a = a.strides();
  const int columns = static_cast<int>(std::min<int64_t>(k, kWarp));
  const TriangleShape shape{batch, n, k, of_a[0], of_a[1], of_a[2], columns, kThreads / columns, upper, unit};
  const Tensor solution = doubles(y.shape(), y);
  copy(b, solution);
  visit_floating(a.dtype(), [&]<class T>(TypeTag<T>) {
    launch(solve_triangular_kernel<T>, block_each(batch * ((k + columns - 1) / columns)), kThreads, 0, shape,
           a.data<T>(), solution.data<double>());
  });
  copy(solution, y);
}

void GpuBackend::qr(const Tensor& x, const Tensor& y) {
  const int64_t batch = x.shape()[0], m = x.shape()[1], n = x.shape()[2];
  const Tensor a = doubles({batch, n, m}, y), taus = doubles({batch, n}, y), columns = doubles({batch, n, m + n}, y);
  copy(x.transpose(), a);
  launch(qr_kernel, block_each(batch), threads_for(n), 0, batch, m, n, a.data<double>(), taus.data<double>());
  launch(qr_columns, grid_of(batch * n * kWarp), kBlock, 0, batch, m, n, a.data<double>(), taus.data<double>(),
         columns.data<double>());
  copy(columns.transpose(), y);
}

void GpuBackend::lu(const Tensor& x, const Tensor& y, const Tensor& rows) {
  const int64_t batch = y.shape()[0], n = y.shape()[1];
  const Tensor a = doubles(y.shape(), y);
  copy(x, a);
  launch(lu_kernel, block_each(batch), threads_for(n), 0, batch, n, a.data<double>(), rows.data<int64_t>());
  copy(a, y);
}

}  // namespace weft::WEFT_GPU
