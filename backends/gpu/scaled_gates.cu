// backends/gpu/scaled_gates.cu: the gate sums of a HyperLSTM in one pass over its products, and the way back
//
//   d[role] = W[role] z[role]      y = d[h] by_h + d[x] by_x + d[b] + bias             for every gate
//   dd[h] = dy by_h     dd[x] = dy by_x     dd[b] = dy
//   dby_h = dy d[h]     dby_x = dy d[x]     dz = W^T dd     dW = dd z^T     dbias = sum dy
//
// d, which is three times as large as y, is never in memory: a block works out its scales where it needs them. All
// products are small and run through tiles in shared memory; dz, whose sum runs over the hidden units, is cut into runs
// of them, so that a small batch keeps a whole card busy, and the runs' sums are added in order.
#include <cmath>

#include "backends/gpu/column_sums.h"
#include "backends/gpu/gpu_backend.h"
#include "backends/gpu/view.h"
#include "tensor/scaled_gates.h"

namespace weft::WEFT_GPU {
namespace {

constexpr int kRoles = 3;            // h, x and b
constexpr int kTileColumns = 32;     // of a tile: threadIdx.x
constexpr int kTileLanes = 8;        // threadIdx.y
constexpr int kTileDepth = 32;       // of the products between two barriers
constexpr int64_t kHiddenRun = 128;  // units whose part of dz one block sums

/// Which index of an operand runs along memory, so that neighbouring threads read along it.
enum class Along { line, depth };

/// tile[r][line] = f(line, r) for r < depth, line < count, and 0 elsewhere.
template <class T, int lines, Along along, class Tile, class F>
__device__ __forceinline__ void load_tile(Tile& tile, int64_t count, int64_t depth, const F& f) {
  for (int t = threadIdx.y * kTileColumns + threadIdx.x; t < lines * kTileDepth; t += kTileColumns * kTileLanes) {
    const int line = along == Along::line ? t % lines : t / kTileDepth;
    const int r = along == Along::line ? t / lines : t % kTileDepth;
    tile[r][line] = line < count && r < depth ? f(line, r) : T(0);
  }
}

/// sum[q] += sum over r < depth of a(column, r) b(row, r), for column threadIdx.x and row threadIdx.y + 8 q of the
/// block's tile, 0 where there is none. All threads of the block call it together.
template <class T, int rows_of_thread, Along a_along, Along b_along, class A, class B>
__device__ void add_products(int64_t columns, int64_t rows, int64_t depth, const A& a, const B& b,
                             T (&sum)[rows_of_thread]) {
  constexpr int kRows = kTileLanes * rows_of_thread;
  WEFT_SHARED(T, of_a, kTileDepth, kTileColumns + 1);  // one more, so that a column's elements lie in different banks
  WEFT_SHARED(T, of_b, kTileDepth, kRows + 1);
  for (int64_t first = 0; first < depth; first += kTileDepth) {
    const int64_t left = depth - first;
    __syncthreads();  // everyone is done with the tiles before
    load_tile<T, kTileColumns, a_along>(of_a, columns, left, [&](int line, int r) { return a(line, first + r); });
    load_tile<T, kRows, b_along>(of_b, rows, left, [&](int line, int r) { return b(line, first + r); });
    __syncthreads();
    const int steps = left < kTileDepth ? static_cast<int>(left) : kTileDepth;
    for (int r = 0; r < steps; ++r) {
      const T from_a = of_a[r][threadIdx.x];
      for (int q = 0; q < rows_of_thread; ++q) {
        const T from_b = of_b[r][threadIdx.y + q * kTileLanes];
        sum[q] = std::fma(from_a, from_b, sum[q]);
      }
    }
  }
}

__host__ __device__ inline int64_t tiles_of(int64_t count, int64_t tile) { return (count + tile - 1) / tile; }

/// Sizes and operands that all kernels share.
template <class T>
struct ScaledGates {
  View<T, 2> by_h, by_x;  ///< [n, gates hidden]
  View<T, 4> z, weight;   ///< [n, 3, gates, e], [3, gates, hidden, e]
  int64_t n, gates, hidden, e;

  ScaledGates(const Tensor& of_h, const Tensor& of_x, const Tensor& of_z, const Tensor& scale_weight)
      : by_h(of_h),
        by_x(of_x),
        z(of_z),
        weight(scale_weight),
        n(of_z.size(0)),
        gates(of_z.size(2)),
        hidden(scale_weight.size(2)),
        e(of_z.size(3)) {}

  /// d[role] at unit j0 + threadIdx.x of samples i0 + threadIdx.y + 8 q.
  template <int samples>
  __device__ __forceinline__ void scale(int role, int64_t gate, int64_t j0, int64_t i0, T (&d)[samples]) const {
    for (int q = 0; q < samples; ++q) d[q] = 0;
    add_products<T, samples, Along::depth, Along::depth>(
        hidden - j0, n - i0, e, [&](int line, int64_t k) { return weight(role, gate, j0 + line, k); },
        [&](int line, int64_t k) { return z(i0 + line, role, gate, k); }, d);
  }
};

/// f(gate, first unit, first sample) for every tile of units and samples that falls to this block.
constexpr int kSamplesOfThread = 4, kSamples = kSamplesOfThread * kTileLanes;
template <class T, class F>
__device__ __forceinline__ void for_tiles(const ScaledGates<T>& all, const F& f) {
  const int64_t tiles = tiles_of(all.hidden, kTileColumns);
  const int64_t gate = blockIdx.x / tiles, j0 = blockIdx.x % tiles * kTileColumns;
  for (int64_t i0 = static_cast<int64_t>(blockIdx.y) * kSamples; i0 < all.n;
       i0 += static_cast<int64_t>(gridDim.y) * kSamples)
    f(gate, j0, i0);
}
template <class T>
dim3 grid_of_tiles(const ScaledGates<T>& all) {
  return dim3(static_cast<unsigned>(all.gates * tiles_of(all.hidden, kTileColumns)),
              static_cast<unsigned>(std::min<int64_t>(tiles_of(all.n, kSamples), 65535)));
}
/// f(q, i, column of by_h) for the elements of such a tile that fall to this thread.
template <class T, class F>
__device__ __forceinline__ void for_elements(const ScaledGates<T>& all, int64_t gate, int64_t j0, int64_t i0,
                                             const F& f) {
  const int64_t j = j0 + threadIdx.x;
  for (int q = 0; q < kSamplesOfThread; ++q) {
    const int64_t i = i0 + threadIdx.y + q * kTileLanes;
    if (i < all.n && j < all.hidden) f(q, i, gate * all.hidden + j);
  }
}

template <class T>
__global__ void scaled_gates_kernel(ScaledGates<T> all, View<T, 1> bias, gp<T> y) {
  for_tiles(all, [&](int64_t gate, int64_t j0, int64_t i0) {
    T d_h[kSamplesOfThread], d_x[kSamplesOfThread], d_b[kSamplesOfThread];
    all.scale(0, gate, j0, i0, d_h);
    all.scale(1, gate, j0, i0, d_x);
    all.scale(2, gate, j0, i0, d_b);
    for_elements(all, gate, j0, i0, [&](int q, int64_t i, int64_t column) {
      T sum = d_h[q] * all.by_h(i, column) + d_x[q] * all.by_x(i, column) + d_b[q];
      if (bias.defined) sum += bias(column);
      y[i * all.gates * all.hidden + column] = sum;
    });
  });
}

template <class T>
__global__ void scaled_gates_dby(ScaledGates<T> all, View<T, 2> dy, gp<T> dby_h, gp<T> dby_x) {
  for_tiles(all, [&](int64_t gate, int64_t j0, int64_t i0) {
    T d_h[kSamplesOfThread], d_x[kSamplesOfThread];
    all.scale(0, gate, j0, i0, d_h);
    all.scale(1, gate, j0, i0, d_x);
    for_elements(all, gate, j0, i0, [&](int q, int64_t i, int64_t column) {
      const int64_t to = i * all.gates * all.hidden + column;
      const T g = dy(i, column);
      dby_h[to] = g * d_h[q];
      dby_x[to] = g * d_x[q];
    });
  });
}

/// dd[role] at [i, column].
template <class T>
__device__ __forceinline__ T gradient_of_scale(const ScaledGates<T>& all, const View<T, 2>& dy, int role, int64_t i,
                                               int64_t column) {
  const T g = dy(i, column);
  return role == 0 ? g * all.by_h(i, column) : role == 1 ? g * all.by_x(i, column) : g;
}

// The last two products have few columns, those of the embedding: 16 a block.
constexpr int kEmbeddingOfThread = 2, kEmbedding = kEmbeddingOfThread * kTileLanes;

/// dW[role, gate, j, k] = sum over samples of dd[role] z[role]. A block has 32 units of a role and gate, and 16 k.
template <class T>
__global__ void scaled_gates_dweight(ScaledGates<T> all, View<T, 2> dy, gp<T> dweight) {
  const int64_t tiles = tiles_of(all.hidden, kTileColumns), pair = blockIdx.x / tiles;
  const int64_t j0 = blockIdx.x % tiles * kTileColumns, gate = pair % all.gates;
  const int role = static_cast<int>(pair / all.gates);
  for (int64_t k0 = static_cast<int64_t>(blockIdx.y) * kEmbedding; k0 < all.e;
       k0 += static_cast<int64_t>(gridDim.y) * kEmbedding) {
    T sum[kEmbeddingOfThread] = {};
    add_products<T, kEmbeddingOfThread, Along::line, Along::line>(
        all.hidden - j0, all.e - k0, all.n,
        [&](int line, int64_t i) { return gradient_of_scale(all, dy, role, i, gate * all.hidden + j0 + line); },
        [&](int line, int64_t i) { return all.z(i, role, gate, k0 + line); }, sum);
    const int64_t j = j0 + threadIdx.x;
    for (int q = 0; q < kEmbeddingOfThread; ++q) {
      const int64_t k = k0 + threadIdx.y + q * kTileLanes;
      if (j < all.hidden && k < all.e) dweight[(pair * all.hidden + j) * all.e + k] = sum[q];
    }
  }
}

/// parts[run, i, role, gate, k] = sum over the run's units of dd[role] W[role]. A block has 32 samples of a role, gate
/// and run, and 16 k.
template <class T>
__global__ void scaled_gates_dz(ScaledGates<T> all, View<T, 2> dy, int64_t units_of_run, gp<T> parts) {
  const int64_t tiles = tiles_of(all.n, kTileColumns), pair = blockIdx.x / tiles;
  const int64_t i0 = blockIdx.x % tiles * kTileColumns, gate = pair % all.gates;
  const int role = static_cast<int>(pair / all.gates);
  const int64_t j0 = blockIdx.z * units_of_run, units = all.hidden - j0;
  for (int64_t k0 = static_cast<int64_t>(blockIdx.y) * kEmbedding; k0 < all.e;
       k0 += static_cast<int64_t>(gridDim.y) * kEmbedding) {
    T sum[kEmbeddingOfThread] = {};
    add_products<T, kEmbeddingOfThread, Along::depth, Along::line>(
        all.n - i0, all.e - k0, units < units_of_run ? units : units_of_run,
        [&](int line, int64_t j) { return gradient_of_scale(all, dy, role, i0 + line, gate * all.hidden + j0 + j); },
        [&](int line, int64_t j) { return all.weight(role, gate, j0 + j, k0 + line); }, sum);
    const int64_t i = i0 + threadIdx.x;
    for (int q = 0; q < kEmbeddingOfThread; ++q) {
      const int64_t k = k0 + threadIdx.y + q * kTileLanes;
      if (i < all.n && k < all.e)
        parts[(((blockIdx.z * all.n + i) * kRoles + role) * all.gates + gate) * all.e + k] = sum[q];
    }
  }
}

/// dy[i, column], which sums to dbias.
template <class T>
struct GateBiasTerms {
  View<T, 2> dy;
  __device__ auto column(int64_t column) const {
    return [from = dy.at(0, column), step = dy.stride[0]](int64_t i) -> T { return from[i * step]; };
  }
};

template <class T>
void launch_dz(const ScaledGates<T>& all, const View<T, 2>& dy, unsigned grid_of_e, const Tensor& dz) {
  const int64_t wanted = std::clamp<int64_t>(all.hidden / kHiddenRun, 1, 256);
  const int64_t units = tiles_of(all.hidden, wanted), runs = tiles_of(all.hidden, units);
  const Tensor parts = runs == 1 ? dz : empty({runs, dz.numel()}, {.dtype = dz.dtype(), .device = dz.device()});
  const dim3 grid(static_cast<unsigned>(kRoles * all.gates * tiles_of(all.n, kTileColumns)), grid_of_e,
                  static_cast<unsigned>(runs));
  launch(scaled_gates_dz<T>, grid, dim3(kTileColumns, kTileLanes), 0, all, dy, units, parts.data<T>());
  if (runs > 1) column_sums<T>(OwnElements<T>{static_cast<const T*>(parts.data<T>()), dz.numel()}, runs, dz);
}

}  // namespace

void GpuBackend::scaled_gates(const Tensor& by_h, const Tensor& by_x, const Tensor& z, const Tensor& scale_weight,
                              const Tensor& bias, const Tensor& y) {
  visit_floating(y.dtype(), [&]<class T>(TypeTag<T>) {
    const ScaledGates<T> all(by_h, by_x, z, scale_weight);
    launch(scaled_gates_kernel<T>, grid_of_tiles(all), dim3(kTileColumns, kTileLanes), 0, all, View<T, 1>(bias),
           y.data<T>());
  });
}

void GpuBackend::scaled_gates_gradient(const Tensor& by_h, const Tensor& by_x, const Tensor& z,
                                       const Tensor& scale_weight, const Tensor& dy,
                                       const ScaledGatesGradient& gradient) {
  visit_floating(dy.dtype(), [&]<class T>(TypeTag<T>) {
    const ScaledGates<T> all(by_h, by_x, z, scale_weight);
    const View<T, 2> of_y(dy);
    const dim3 block(kTileColumns, kTileLanes);
    launch(scaled_gates_dby<T>, grid_of_tiles(all), block, 0, all, of_y, gradient.by_h.data<T>(),
           gradient.by_x.data<T>());
    if (gradient.bias.defined()) column_sums<T>(GateBiasTerms<T>{of_y}, all.n, gradient.bias);
    if (all.e == 0) return;
    const unsigned grid_of_e = static_cast<unsigned>(std::min<int64_t>(tiles_of(all.e, kEmbedding), 65535));
    const dim3 grid(static_cast<unsigned>(kRoles * all.gates * tiles_of(all.hidden, kTileColumns)), grid_of_e);
    launch(scaled_gates_dweight<T>, grid, block, 0, all, of_y, gradient.scale_weight.data<T>());
    launch_dz(all, of_y, grid_of_e, gradient.z);
  });
}

}  // namespace weft::WEFT_GPU
