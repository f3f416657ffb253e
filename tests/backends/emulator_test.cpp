// tests/backends/emulator_test.cpp: kernels that g++ compiled and fibers ran equal plain loops
#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "backends/emulator/language.h"
#include "tensor/error.h"

namespace weft::WEFT_GPU {

namespace {

// n floats on the emulated card
class Floats {
 public:
  explicit Floats(int64_t n) : n_(n), data_(reinterpret_cast<float*>(device_allocate(n * 4))) {}
  explicit Floats(const std::vector<float>& values) : Floats(static_cast<int64_t>(values.size())) {
    copy_to_device(reinterpret_cast<std::byte*>(data_), reinterpret_cast<const std::byte*>(values.data()), n_ * 4);
  }
  ~Floats() { device_free(reinterpret_cast<std::byte*>(data_)); }
  Floats(const Floats&) = delete;
  Floats& operator=(const Floats&) = delete;
  operator float*() const { return data_; }
  std::vector<float> values() const {
    std::vector<float> on_host(static_cast<size_t>(n_));
    copy_to_host(reinterpret_cast<std::byte*>(on_host.data()), reinterpret_cast<const std::byte*>(data_), n_ * 4);
    return on_host;
  }

 private:
  int64_t n_;
  float* data_;
};

std::vector<float> ramp(int64_t n) {
  std::vector<float> values;
  for (int64_t i = 0; i < n; ++i) values.push_back(static_cast<float>(i * 37 % 101) / 16 - 3);
  return values;
}

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
    const float mine = threadIdx.x < blockDim.x / 32 ? of_warp[threadIdx.x] : 0;
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

}  // namespace weft::WEFT_GPU
