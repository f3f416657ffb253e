// tests/backends/emulator_test.cpp: kernels that g++ compiled and fibers ran equal plain loops
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "tests/backends/emulated.h"

namespace weft::WEFT_GPU {

namespace {

using namespace test;

// y[i] = a[i * step] + b[i]
__global__ void strided_add(gp<const float> a, int64_t step, gp<const float> b, gp<float> y, int64_t n) {
  for (int64_t i = blockIdx.x * int64_t{blockDim.x} + threadIdx.x; i < n; i += int64_t{gridDim.x} * blockDim.x)
    y[i] = a[i * step] + b[i];
}

__device__ float warp_sum(float x) {
  for (int distance = 16; distance > 0; distance /= 2) x += __shfl_xor_sync(all_lanes, x, distance);
  return x;
}

// y[r] = sum of row r of x [rows, columns]: one block a row
__global__ void row_sum(gp<const float> x, gp<float> y, int64_t columns) {
  WEFT_SHARED(float, of_warp, 32);
  float sum = 0;
  for (int64_t j = threadIdx.x; j < columns; j += blockDim.x) sum += x[blockIdx.x * columns + j];
  sum = warp_sum(sum);
  if (threadIdx.x % 32 == 0) of_warp[threadIdx.x / 32] = sum;
  __syncthreads();
  if (threadIdx.x < 32) {
    const float mine = threadIdx.x < blockDim.x / 32 ? of_warp[threadIdx.x] : 0.0f;
    const float total = warp_sum(mine);
    if (threadIdx.x == 0) y[blockIdx.x] = total;
  }
}

// y[j][i] = x[i][j]: a block turns one tile of 32 x 32 in shared memory
__global__ __launch_bounds__(256) void transpose_tile(gp<const float> x, gp<float> y, int64_t rows, int64_t columns) {
  WEFT_SHARED(float, tile, 32, 33);
  const int64_t row = blockIdx.y * int64_t{32}, column = blockIdx.x * int64_t{32};
  for (unsigned i = threadIdx.y; i < 32; i += blockDim.y)
    if (row + i < rows && column + threadIdx.x < columns)
      tile[i][threadIdx.x] = x[(row + i) * columns + column + threadIdx.x];
  __syncthreads();
  for (unsigned j = threadIdx.y; j < 32; j += blockDim.y)
    if (column + j < columns && row + threadIdx.x < rows)
      y[(column + j) * rows + row + threadIdx.x] = tile[threadIdx.x][j];
}

// y = softmax of each row of x: one block a row, three passes
__global__ void softmax_row(gp<const float> x, gp<float> y, int64_t columns) {
  WEFT_DYN_SHARED(float, partial);
  WEFT_SHARED(float, top);
  const gp<const float> row = x + blockIdx.x * columns;
  float best = row[0];
  for (int64_t j = threadIdx.x; j < columns; j += blockDim.x) best = fmaxf(best, row[j]);
  partial[threadIdx.x] = best;
  __syncthreads();
  for (unsigned half = blockDim.x / 2; half > 0; half /= 2) {
    if (threadIdx.x < half) partial[threadIdx.x] = fmaxf(partial[threadIdx.x], partial[threadIdx.x + half]);
    __syncthreads();
  }
  if (threadIdx.x == 0) top = partial[0];
  __syncthreads();
  float sum = 0;
  for (int64_t j = threadIdx.x; j < columns; j += blockDim.x) sum += __expf(row[j] - top);
  partial[threadIdx.x] = sum;
  __syncthreads();
  for (unsigned half = blockDim.x / 2; half > 0; half /= 2) {
    if (threadIdx.x < half) partial[threadIdx.x] += partial[threadIdx.x + half];
    __syncthreads();
  }
  for (int64_t j = threadIdx.x; j < columns; j += blockDim.x)
    y[blockIdx.x * columns + j] = __expf(row[j] - top) / partial[0];
}

// counts[v] = how often v is in x; every thread adds, in any order
__global__ void count_values(gp<const float> x, gp<float> counts, int64_t n) {
  const int64_t i = blockIdx.x * int64_t{blockDim.x} + threadIdx.x;
  if (i < n) atomicAdd(&counts[static_cast<int64_t>(x[i])], 1);
}

// y[i] = -x[i], four at a time
__global__ void negate_by_four(gp<const float> x, gp<float> y) {
  const int64_t i = threadIdx.x * int64_t{4};
  const float4 four = ldv<float4>(x + i);
  stv(&y[i], make_float4(-four.x, -four.y, -four.z, -four.w));
}

// What each lane of a warp gets from the shuffles and the votes
__global__ void warp_operations(gp<float> y) {
  const unsigned lane = threadIdx.x, odd = 0xAAAAAAAA;
  const float mine = static_cast<float>(lane);
  const float up = __shfl_up_sync(all_lanes, mine, 3), down = __shfl_down_sync(all_lanes, mine, 5, 8);
  const float first = __shfl_sync(all_lanes, mine, 16), swapped = __shfl_xor_sync(all_lanes, mine, 1);
  const unsigned low = __ballot_sync(all_lanes, lane < 4);
  if (lane % 2 == 1) {
    const bool all = __all_sync(odd, lane % 2 == 1), any = __any_sync(odd, lane == 2);
    y[lane] = up + 100 * down + 10000 * first + 1000000 * swapped + (all && !any && low == 0xF ? 0.5f : 0.0f);
  } else {
    y[lane] = up;
  }
}

}  // namespace

TEST_CASE("emulator: strided add") {
  const int64_t n = 1000;
  const std::vector<float> a = ramp(2 * n), b = ramp(n);
  const Floats on_a(a), on_b(b);
  for (const uint64_t seed : {0, 1, 2}) {
    set_emulator_seed(seed);
    const Floats y(n);
    launch(strided_add, {3}, 96, 0, on_a, 2, on_b, y, n);
    const std::vector<float> result = y.values();
    for (size_t i = 0; i < n; ++i) CHECK(result[i] == a[2 * i] + b[i]);
  }
}

TEST_CASE("emulator: row sum") {
  const int64_t rows = 5, columns = 300;
  const std::vector<float> x = ramp(rows * columns);
  const Floats on_x(x);
  for (const uint64_t seed : {0, 1, 2}) {
    set_emulator_seed(seed);
    const Floats y(rows);
    launch(row_sum, rows, 128, 0, on_x, y, columns);
    const std::vector<float> result = y.values();
    for (int64_t r = 0; r < rows; ++r) {
      double sum = 0;
      for (int64_t j = 0; j < columns; ++j) sum += x[static_cast<size_t>(r * columns + j)];
      CHECK(result[static_cast<size_t>(r)] == doctest::Approx(sum));
    }
  }
}

TEST_CASE("emulator: tiled transpose") {
  const int64_t rows = 70, columns = 45;
  const std::vector<float> x = ramp(rows * columns);
  const Floats on_x(x);
  for (const uint64_t seed : {0, 1, 2}) {
    set_emulator_seed(seed);
    const Floats y(rows * columns);
    launch(transpose_tile, dim3(2, 3), dim3(32, 8), 0, on_x, y, rows, columns);
    const std::vector<float> result = y.values();
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t j = 0; j < columns; ++j)
        CHECK(result[static_cast<size_t>(j * rows + i)] == x[static_cast<size_t>(i * columns + j)]);
  }
}

TEST_CASE("emulator: softmax") {
  const int64_t rows = 3, columns = 77;
  const std::vector<float> x = ramp(rows * columns);
  const Floats on_x(x);
  for (const uint64_t seed : {0, 1, 2}) {
    set_emulator_seed(seed);
    const Floats y(rows * columns);
    launch(softmax_row, rows, 64, 64 * sizeof(float), on_x, y, columns);
    const std::vector<float> result = y.values();
    for (int64_t r = 0; r < rows; ++r) {
      const auto row = x.begin() + r * columns;
      double sum = 0;
      for (int64_t j = 0; j < columns; ++j) sum += std::exp(double{row[j]});
      for (int64_t j = 0; j < columns; ++j)
        CHECK(result[static_cast<size_t>(r * columns + j)] == doctest::Approx(std::exp(double{row[j]}) / sum));
    }
  }
}

TEST_CASE("emulator: atomic operations from several blocks") {
  std::vector<float> x(500);
  for (size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i * i % 7);
  const Floats on_x(x), counts(std::vector<float>(7, 0));
  launch(count_values, 8, 64, 0, on_x, counts, 500);
  const std::vector<float> result = counts.values();
  for (size_t v = 0; v < 7; ++v) CHECK(result[v] == std::count(x.begin(), x.end(), static_cast<float>(v)));
}

TEST_CASE("emulator: four floats at a time") {
  const std::vector<float> x = ramp(64);
  const Floats on_x(x), y(64);
  launch(negate_by_four, 1, 16, 0, on_x, y);
  const std::vector<float> result = y.values();
  for (size_t i = 0; i < 64; ++i) CHECK(result[i] == -x[i]);
}

TEST_CASE("emulator: shuffles and votes") {
  for (const uint64_t seed : {0, 1, 2}) {
    set_emulator_seed(seed);
    const Floats y(32);
    launch(warp_operations, 1, 32, 0, y);
    const std::vector<float> result = y.values();
    for (unsigned lane = 0; lane < 32; ++lane) {
      const unsigned up = lane < 3 ? lane : lane - 3, down = lane % 8 < 3 ? lane + 5 : lane;
      const double odd = up + 100 * down + 10000 * 16 + 1000000 * (lane ^ 1) + 0.5;
      CHECK(result[lane] == static_cast<float>(lane % 2 == 1 ? odd : up));
    }
  }
}

}  // namespace weft::WEFT_GPU
