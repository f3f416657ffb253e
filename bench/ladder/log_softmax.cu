// bench/ladder/log_softmax.cu: y = (x - top) - log(sum exp(x - top)) over each row of a matrix
//
// A dozen operations a number: speed is how often a number comes from memory, and how many come at once. The best that
// can be done is to read x once and to write y once. Widths are at most 1024 and multiples of 128; the kernel that Weft
// uses, backends/gpu/log_softmax.cu, takes any width, stride and axis.
#include "bench/ladder/rows.h"

namespace weft::WEFT_GPU {
namespace {

constexpr float kLowest = -3.402823466e38f;

/// Neighbouring threads read neighbouring rows, numbers that lie a row apart: 32 trips for one reading of a warp.
__global__ void log_softmax_thread_a_row(Rows rows) {
  const int64_t row = first_item();
  if (row >= rows.count) return;
  const gp<const float> x = rows.x + row * rows.width;
  const gp<float> y = rows.y + row * rows.width;
  float top = kLowest, total = 0;
  for (int64_t j = 0; j < rows.width; ++j) top = Largest{}(top, x[j]);
  for (int64_t j = 0; j < rows.width; ++j) total += std::exp(x[j] - top);
  const float log_total = std::log(total);
  for (int64_t j = 0; j < rows.width; ++j) y[j] = x[j] - top - log_total;
}

/// A block reads a row, neighbours side by side; its threads agree on top and total by halving, with a barrier a step.
__global__ void log_softmax_block_a_row(Rows rows) {
  const gp<const float> x = rows.x + blockIdx.x * rows.width;
  const gp<float> y = rows.y + blockIdx.x * rows.width;
  float top = kLowest, total = 0;
  for (int64_t j = threadIdx.x; j < rows.width; j += kBlockOfRow) top = Largest{}(top, x[j]);
  top = fold_block(top, Largest{});
  for (int64_t j = threadIdx.x; j < rows.width; j += kBlockOfRow) total += std::exp(x[j] - top);
  const float log_total = std::log(fold_block(total, Total{}));
  for (int64_t j = threadIdx.x; j < rows.width; j += kBlockOfRow) y[j] = x[j] - top - log_total;
}

/// A warp a row: its lanes agree from register to register, and nobody waits for another warp.
__global__ void log_softmax_warp_a_row(Rows rows) {
  const int64_t row = row_of_warp();
  if (row >= rows.count) return;
  const gp<const float> x = rows.x + row * rows.width;
  const gp<float> y = rows.y + row * rows.width;
  float top = kLowest, total = 0;
  for (int64_t j = threadIdx.x; j < rows.width; j += kLanes) top = Largest{}(top, x[j]);
  top = fold_warp(top, Largest{});
  for (int64_t j = threadIdx.x; j < rows.width; j += kLanes) total += std::exp(x[j] - top);
  const float log_total = std::log(fold_warp(total, Total{}));
  for (int64_t j = threadIdx.x; j < rows.width; j += kLanes) y[j] = x[j] - top - log_total;
}

/// Top and total in one pass (Milakov and Gimelshein 2018): whenever a number is larger than the top so far, the total
/// so far is scaled down to the new top. Two readings of the row instead of three.
__global__ void log_softmax_online(Rows rows) {
  const int64_t row = row_of_warp();
  if (row >= rows.count) return;
  const gp<const float> x = rows.x + row * rows.width;
  const gp<float> y = rows.y + row * rows.width;
  float top = kLowest, total = 0;
  for (int64_t j = threadIdx.x; j < rows.width; j += kLanes) {
    const float value = x[j], higher = Largest{}(top, value);
    total = total * std::exp(top - higher) + std::exp(value - higher);
    top = higher;
  }
  const float highest = fold_warp(top, Largest{});
  const float log_total = std::log(fold_warp(total * std::exp(top - highest), Total{}));
  for (int64_t j = threadIdx.x; j < rows.width; j += kLanes) y[j] = x[j] - highest - log_total;
}

/// The whole row in the registers of a warp, four numbers a load: it is read once.
__global__ void log_softmax_in_registers(Rows rows) {
  const int64_t row = row_of_warp();
  if (row >= rows.count) return;
  RowInRegisters x(rows.x + row * rows.width, rows.width);
  float top = kLowest, total = 0;
  x.for_each([&](float value) { top = Largest{}(top, value); });
  top = fold_warp(top, Largest{});
  x.for_each([&](float value) { total += std::exp(value - top); });
  const float log_total = std::log(fold_warp(total, Total{}));
  x.for_each([&](float& value) { value = value - top - log_total; });
  x.store(rows.y + row * rows.width);
}

const ladder::Ladder log_softmax_ladder(
    device_kind, "log_softmax", synchronize,
    {{"thread_a_row", "a thread a row: neighbours read numbers that lie a row apart",
      [](Inputs x, const Tensor& y) { launch_thread_a_row(log_softmax_thread_a_row, x, y); }},
     {"block_a_row", "a block a row: neighbours read neighbours; sums by halving, with barriers",
      [](Inputs x, const Tensor& y) { launch_block_a_row(log_softmax_block_a_row, x, y); }},
     {"warp_a_row", "a warp a row: sums by shuffles, no barrier",
      [](Inputs x, const Tensor& y) { launch_warp_a_row(log_softmax_warp_a_row, x, y); }},
     {"online", "largest number and sum in one pass: two readings instead of three",
      [](Inputs x, const Tensor& y) { launch_warp_a_row(log_softmax_online, x, y); }},
     {"in_registers", "the row stays in registers, four numbers a load: one reading",
      [](Inputs x, const Tensor& y) { launch_warp_a_row(log_softmax_in_registers, x, y); }}});

}  // namespace
}  // namespace weft::WEFT_GPU
