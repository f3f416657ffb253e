// bench/ladder/layer_norm.cu: y = (x - mean) / sqrt(var + eps) over each row of a matrix
//
// As for log_softmax, reading x once and writing y once is the best that can be done, and most of the rungs are the
// same. `one_pass` shows a shortcut that is not free: var = mean of squares - square of the mean loses the digits that
// both have in common, here where the mean is large; so it is taken of x - x_0. Widths are at most 1024 and multiples
// of 128; the kernel that Weft uses is backends/gpu/layer_norm.cu.
#include "bench/ladder/rows.h"

namespace weft::WEFT_GPU {
namespace {

constexpr float kEps = 1e-5f;

__device__ __forceinline__ float one_over_deviation(float square_sum, int64_t width) {
  return 1 / std::sqrt(square_sum / static_cast<float>(width) + kEps);
}

__global__ void layer_norm_thread_a_row(Rows rows) {
  const int64_t row = first_item();
  if (row >= rows.count) return;
  const gp<const float> x = rows.x + row * rows.width;
  const gp<float> y = rows.y + row * rows.width;
  float sum = 0, squares = 0;
  for (int64_t j = 0; j < rows.width; ++j) sum += x[j];
  const float mean = sum / static_cast<float>(rows.width);
  for (int64_t j = 0; j < rows.width; ++j) squares += (x[j] - mean) * (x[j] - mean);
  const float r = one_over_deviation(squares, rows.width);
  for (int64_t j = 0; j < rows.width; ++j) y[j] = (x[j] - mean) * r;
}

__global__ void layer_norm_block_a_row(Rows rows) {
  const gp<const float> x = rows.x + blockIdx.x * rows.width;
  const gp<float> y = rows.y + blockIdx.x * rows.width;
  float sum = 0, squares = 0;
  for (int64_t j = threadIdx.x; j < rows.width; j += kBlockOfRow) sum += x[j];
  const float mean = fold_block(sum, Total{}) / static_cast<float>(rows.width);
  for (int64_t j = threadIdx.x; j < rows.width; j += kBlockOfRow) squares += (x[j] - mean) * (x[j] - mean);
  const float r = one_over_deviation(fold_block(squares, Total{}), rows.width);
  for (int64_t j = threadIdx.x; j < rows.width; j += kBlockOfRow) y[j] = (x[j] - mean) * r;
}

__global__ void layer_norm_warp_a_row(Rows rows) {
  const int64_t row = row_of_warp();
  if (row >= rows.count) return;
  const gp<const float> x = rows.x + row * rows.width;
  const gp<float> y = rows.y + row * rows.width;
  float sum = 0, squares = 0;
  for (int64_t j = threadIdx.x; j < rows.width; j += kLanes) sum += x[j];
  const float mean = fold_warp(sum, Total{}) / static_cast<float>(rows.width);
  for (int64_t j = threadIdx.x; j < rows.width; j += kLanes) squares += (x[j] - mean) * (x[j] - mean);
  const float r = one_over_deviation(fold_warp(squares, Total{}), rows.width);
  for (int64_t j = threadIdx.x; j < rows.width; j += kLanes) y[j] = (x[j] - mean) * r;
}

/// Sum and sum of squares together, of distances from the row's first number: two readings instead of three.
__global__ void layer_norm_one_pass(Rows rows) {
  const int64_t row = row_of_warp();
  if (row >= rows.count) return;
  const gp<const float> x = rows.x + row * rows.width;
  const gp<float> y = rows.y + row * rows.width;
  const float first = x[0];
  float sum = 0, squares = 0;
  for (int64_t j = threadIdx.x; j < rows.width; j += kLanes) {
    const float distance = x[j] - first;
    sum += distance;
    squares += distance * distance;
  }
  const float mean = fold_warp(sum, Total{}) / static_cast<float>(rows.width);
  const float r = one_over_deviation(fold_warp(squares, Total{}) - mean * mean * rows.width, rows.width);
  for (int64_t j = threadIdx.x; j < rows.width; j += kLanes) y[j] = (x[j] - first - mean) * r;
}

/// The whole row in the registers of a warp: read once, and yet with a mean first and a variance after it.
__global__ void layer_norm_in_registers(Rows rows) {
  const int64_t row = row_of_warp();
  if (row >= rows.count) return;
  RowInRegisters x(rows.x + row * rows.width, rows.width);
  float sum = 0, squares = 0;
  x.for_each([&](float value) { sum += value; });
  const float mean = fold_warp(sum, Total{}) / static_cast<float>(rows.width);
  x.for_each([&](float value) { squares += (value - mean) * (value - mean); });
  const float r = one_over_deviation(fold_warp(squares, Total{}), rows.width);
  x.for_each([&](float& value) { value = (value - mean) * r; });
  x.store(rows.y + row * rows.width);
}

const ladder::Ladder layer_norm_ladder(
    device_kind, "layer_norm", synchronize,
    {{"thread_a_row", "a thread a row: neighbours read numbers that lie a row apart",
      [](Inputs x, const Tensor& y) { launch_thread_a_row(layer_norm_thread_a_row, x, y); }},
     {"block_a_row", "a block a row: neighbours read neighbours; sums by halving, with barriers",
      [](Inputs x, const Tensor& y) { launch_block_a_row(layer_norm_block_a_row, x, y); }},
     {"warp_a_row", "a warp a row: sums by shuffles, no barrier",
      [](Inputs x, const Tensor& y) { launch_warp_a_row(layer_norm_warp_a_row, x, y); }},
     {"one_pass", "sum and sum of squares together: two readings instead of three",
      [](Inputs x, const Tensor& y) { launch_warp_a_row(layer_norm_one_pass, x, y); }},
     {"in_registers", "the row stays in registers, four numbers a load: one reading",
      [](Inputs x, const Tensor& y) { launch_warp_a_row(layer_norm_in_registers, x, y); }}});

}  // namespace
}  // namespace weft::WEFT_GPU
