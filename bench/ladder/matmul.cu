// bench/ladder/matmul.cu: C = A B for dense float32 matrices: from a thread an element to registers full of them
//
// The product of two n x n matrices needs 2 n^3 operations and 3 n^2 numbers: each number is used n times. Speed is a
// matter of fetching it less than n times: from the card's memory, then from the block's, then from the thread's own
// registers. The kernels from `register_tile` on take sizes that are multiples of their tile; backends/gpu/gemm.h,
// which multiplies for Weft, is `prefetched` for every size, stride and dtype.
#include <cmath>

#include "backends/gpu/layout.h"
#include "backends/gpu/pack.h"
#include "bench/ladder/rung.h"

namespace weft::WEFT_GPU {
namespace {

/// The operands A [m, k], B [k, n] and C [m, n].
struct Product {
  gp<const float> a, b;
  gp<float> c;
  int64_t m, n, k;

  Product(const std::vector<Tensor>& x, const Tensor& y)
      : a(x[0].data<float>()), b(x[1].data<float>()), c(y.data<float>()), m(y.size(0)), n(y.size(1)), k(x[0].size(1)) {}
};

unsigned blocks_for(int64_t count, int64_t tile) { return static_cast<unsigned>((count + tile - 1) / tile); }

__device__ __forceinline__ float element(const Product& p, int64_t i, int64_t j) {
  float sum = 0;
  for (int64_t l = 0; l < p.k; ++l) {
    const float a = p.a[i * p.k + l], b = p.b[l * p.n + j];
    sum = std::fma(a, b, sum);
  }
  return sum;
}

/// A thread an element of C; neighbours stand one below the other. The 32 threads of a warp read 32 rows of A at once,
/// which lie far apart: each reading is 32 trips to memory, of which one number in eight is used.
__global__ void matmul_down(Product p) {
  const int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int64_t j = static_cast<int64_t>(blockIdx.y) * blockDim.y + threadIdx.y;
  if (i < p.m && j < p.n) p.c[i * p.n + j] = element(p, i, j);
}

/// The same with x and y exchanged: neighbours stand side by side, read one number of A together and 32 neighbours of B
/// in one trip.
__global__ void matmul_across(Product p) {
  const int64_t j = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int64_t i = static_cast<int64_t>(blockIdx.y) * blockDim.y + threadIdx.y;
  if (i < p.m && j < p.n) p.c[i * p.n + j] = element(p, i, j);
}

/// A block brings a 32 x 32 tile of A and one of B into its shared memory; each number that is fetched is used 32
/// times. One barrier says that the tiles are there, the other that everyone has used them.
__global__ void matmul_tiled(Product p) {
  constexpr int kTile = 32;
  WEFT_SHARED(float, a, kTile, kTile);
  WEFT_SHARED(float, b, kTile, kTile);
  const int x = static_cast<int>(threadIdx.x), y = static_cast<int>(threadIdx.y);
  const int64_t i = static_cast<int64_t>(blockIdx.y) * kTile + y, j = static_cast<int64_t>(blockIdx.x) * kTile + x;
  float sum = 0;
  for (int64_t first = 0; first < p.k; first += kTile) {
    a[y][x] = i < p.m && first + x < p.k ? p.a[i * p.k + first + x] : 0.0f;
    b[y][x] = first + y < p.k && j < p.n ? p.b[(first + y) * p.n + j] : 0.0f;
    __syncthreads();
    for (int l = 0; l < kTile; ++l) {
      const float from_a = a[y][l], from_b = b[l][x];
      sum = std::fma(from_a, from_b, sum);
    }
    __syncthreads();
  }
  if (i < p.m && j < p.n) p.c[i * p.n + j] = sum;
}

// From here on a block of 16 x 16 threads has a tile of 128 x 128, and a thread 8 x 8 elements of it in registers.
constexpr int kTile = 128, kDepth = 8, kThreads = 16, kOwn = kTile / kThreads;

/// Shared memory gives a warp 32 numbers a cycle, and `tiled` asks for two a multiplication. With 8 x 8 elements a
/// thread asks for 16 numbers and does 64 multiplications with them.
__global__ void __launch_bounds__(kThreads* kThreads) matmul_register_tile(Product p) {
  WEFT_SHARED(float, a, kDepth, kTile + 1);  // one more: threads that write a row of A write to different banks
  WEFT_SHARED(float, b, kDepth, kTile);
  const int x = static_cast<int>(threadIdx.x), y = static_cast<int>(threadIdx.y), thread = y * kThreads + x;
  const int64_t i0 = static_cast<int64_t>(blockIdx.y) * kTile, j0 = static_cast<int64_t>(blockIdx.x) * kTile;
  float sum[kOwn][kOwn] = {};
  for (int64_t first = 0; first < p.k; first += kDepth) {
    for (int t = thread; t < kDepth * kTile; t += kThreads * kThreads) {
      a[t % kDepth][t / kDepth] = p.a[(i0 + t / kDepth) * p.k + first + t % kDepth];
      b[t / kTile][t % kTile] = p.b[(first + t / kTile) * p.n + j0 + t % kTile];
    }
    __syncthreads();
    for (int l = 0; l < kDepth; ++l) {
      float from_a[kOwn], from_b[kOwn];
      for (int r = 0; r < kOwn; ++r) from_a[r] = a[l][y + r * kThreads];
      for (int c = 0; c < kOwn; ++c) from_b[c] = b[l][x + c * kThreads];
      for (int r = 0; r < kOwn; ++r)
        for (int c = 0; c < kOwn; ++c) sum[r][c] = std::fma(from_a[r], from_b[c], sum[r][c]);
    }
    __syncthreads();
  }
  for (int r = 0; r < kOwn; ++r)
    for (int c = 0; c < kOwn; ++c) p.c[(i0 + y + r * kThreads) * p.n + j0 + x + c * kThreads] = sum[r][c];
}

using Four = Pack<float, 4>;

/// Two panels on their way to shared memory: 128 x 8 of A and 8 x 128 of B, four numbers of each a thread.
struct Panels {
  int row, depth_a, depth_b, column;  // where in the panels this thread's numbers stand
  Four a, b;

  __device__ __forceinline__ explicit Panels(int thread)
      : row(thread / 2), depth_a(thread % 2 * 4), depth_b(thread / 32), column(thread % 32 * 4) {}
  __device__ __forceinline__ void fetch(const Product& p, int64_t i0, int64_t j0, int64_t first) {
    a = ldv<Four>(p.a + ((i0 + row) * p.k + first + depth_a));
    b = ldv<Four>(p.b + ((first + depth_b) * p.n + j0 + column));
  }
  /// A lies by depth too, so that a thread's eight rows are neighbours.
  template <class Pointer>
  __device__ __forceinline__ void store(Pointer to_a, Pointer to_b) const {
    for (int v = 0; v < 4; ++v) to_a[(depth_a + v) * kTile + row] = a.at[v];
    stv(to_b + (depth_b * kTile + column), b);
  }
};

/// The eight of a thread: four neighbours, and four more half a tile on, so that the warp's readings meet no bank
/// twice.
__device__ __forceinline__ int own(int thread, int e) { return e / 4 * (kTile / 2) + thread * 4 + e % 4; }

/// sum += A B for two panels in shared memory.
template <class Pointer>
__device__ __forceinline__ void multiply(Pointer a, Pointer b, int x, int y, float (&sum)[kOwn][kOwn]) {
  for (int l = 0; l < kDepth; ++l) {
    Four from_a[2], from_b[2];
    for (int half = 0; half < 2; ++half) {
      from_a[half] = ldv<Four>(a + (l * kTile + own(y, half * 4)));
      from_b[half] = ldv<Four>(b + (l * kTile + own(x, half * 4)));
    }
    for (int r = 0; r < kOwn; ++r)
      for (int c = 0; c < kOwn; ++c) sum[r][c] = std::fma(from_a[r / 4].at[r % 4], from_b[c / 4].at[c % 4], sum[r][c]);
  }
}

__device__ __forceinline__ void store_own(const Product& p, int64_t i0, int64_t j0, int x, int y,
                                          const float (&sum)[kOwn][kOwn]) {
  for (int r = 0; r < kOwn; ++r)
    for (int c = 0; c < kOwn; c += 4)
      stv(p.c + ((i0 + own(y, r)) * p.n + j0 + own(x, c)),
          Four{sum[r][c], sum[r][c + 1], sum[r][c + 2], sum[r][c + 3]});
}

/// Four numbers at a time, everywhere: a quarter of the instructions that fetch and store, and more bytes on their way.
__global__ void __launch_bounds__(kThreads* kThreads) matmul_vectorised(Product p) {
  WEFT_DYN_SHARED(float, shared);
  const auto a = shared, b = shared + kDepth * kTile;
  const int x = static_cast<int>(threadIdx.x), y = static_cast<int>(threadIdx.y);
  const int64_t i0 = static_cast<int64_t>(blockIdx.y) * kTile, j0 = static_cast<int64_t>(blockIdx.x) * kTile;
  Panels panels(y * kThreads + x);
  float sum[kOwn][kOwn] = {};
  for (int64_t first = 0; first < p.k; first += kDepth) {
    panels.fetch(p, i0, j0, first);
    panels.store(a, b);
    __syncthreads();
    multiply(a, b, x, y, sum);
    __syncthreads();
  }
  store_own(p, i0, j0, x, y, sum);
}

/// Memory answers after hundreds of cycles: the next panels are asked for before these are multiplied, and go to the
/// other of two buffers, so that one barrier a step is enough.
__global__ void __launch_bounds__(kThreads* kThreads) matmul_prefetched(Product p) {
  WEFT_DYN_SHARED(float, shared);
  constexpr int kPanel = kDepth * kTile;
  const int x = static_cast<int>(threadIdx.x), y = static_cast<int>(threadIdx.y);
  const int64_t i0 = static_cast<int64_t>(blockIdx.y) * kTile, j0 = static_cast<int64_t>(blockIdx.x) * kTile;
  Panels panels(y * kThreads + x);
  float sum[kOwn][kOwn] = {};
  panels.fetch(p, i0, j0, 0);
  panels.store(shared, shared + kPanel);
  __syncthreads();
  int buffer = 0;
  for (int64_t first = 0; first < p.k; first += kDepth) {
    const bool more = first + kDepth < p.k;
    if (more) panels.fetch(p, i0, j0, first + kDepth);
    multiply(shared + buffer * 2 * kPanel, shared + (buffer * 2 + 1) * kPanel, x, y, sum);
    buffer = 1 - buffer;
    if (more) panels.store(shared + buffer * 2 * kPanel, shared + (buffer * 2 + 1) * kPanel);
    __syncthreads();
  }
  store_own(p, i0, j0, x, y, sum);
}

using Matrices = const std::vector<Tensor>&;

void down(Matrices x, const Tensor& y) {
  const Product p(x, y);
  launch(matmul_down, dim3(blocks_for(p.m, 32), blocks_for(p.n, 8)), dim3(32, 8), 0, p);
}
void across(Matrices x, const Tensor& y) {
  const Product p(x, y);
  launch(matmul_across, dim3(blocks_for(p.n, 32), blocks_for(p.m, 8)), dim3(32, 8), 0, p);
}
void tiled(Matrices x, const Tensor& y) {
  const Product p(x, y);
  launch(matmul_tiled, dim3(blocks_for(p.n, 32), blocks_for(p.m, 32)), dim3(32, 32), 0, p);
}
/// Those with a tile of 128 x 128; `panels` lie in shared memory that the launch asks for.
void by_large_tiles(void (*kernel)(Product), int panels, Matrices x, const Tensor& y) {
  const Product p(x, y);
  launch(kernel, dim3(blocks_for(p.n, kTile), blocks_for(p.m, kTile)), dim3(kThreads, kThreads),
         panels * kDepth * kTile * sizeof(float), p);
}

const ladder::Ladder matmul_ladder(
    device_kind, "matmul", synchronize,
    {{"down", "a thread an element, neighbours one below the other", down},
     {"across", "neighbours side by side: a warp reads 32 neighbours in one trip", across},
     {"tiled", "32 x 32 tiles in shared memory: each number fetched is used 32 times", tiled},
     {"register_tile", "8 x 8 elements a thread: four multiplications for each number from shared memory",
      [](Matrices x, const Tensor& y) { by_large_tiles(matmul_register_tile, 0, x, y); }},
     {"vectorised", "four numbers a load: fewer instructions, more bytes on their way",
      [](Matrices x, const Tensor& y) { by_large_tiles(matmul_vectorised, 2, x, y); }},
     {"prefetched", "the next panels are on their way while these are multiplied",
      [](Matrices x, const Tensor& y) { by_large_tiles(matmul_prefetched, 4, x, y); }}});

}  // namespace
}  // namespace weft::WEFT_GPU
