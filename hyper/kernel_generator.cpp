// hyper/kernel_generator.cpp: the static hypernetwork
#include "hyper/kernel_generator.h"

#include "hyper/init.h"
#include "tensor/create.h"

namespace weft::hyper {
namespace {

/// Deviation of every weight in the authors' notebook.
constexpr double kWeightDeviation = 0.01;

nn::Parameter random_weight(const Shape& shape, RandomStream& init) {
  const Tensor value = empty(shape);
  init::truncated_normal_(value, init, 0, kWeightDeviation);
  return nn::Parameter(value);
}

}  // namespace

KernelGenerator::KernelGenerator(KernelGeneratorOptions options, RandomStream& init) : options_(options) {
  const auto [n_in, n_out, f, n_z, d] = options;
  if (n_in < 1 || n_out < 1 || f < 1 || n_z < 1 || d < 1) {
    fail(
        "KernelGenerator",
        "in_channels is {}, out_channels {}, kernel_size {}, embedding_size {}, hidden_size {}; hint: all are at least "
        "1",
        n_in, n_out, f, n_z, d);
  }
  w_in = random_weight({n_in, d, n_z}, init);
  b_in = nn::Parameter(zeros({n_in, d}));
  w_out = random_weight({f, n_out * f, d}, init);
  b_out = nn::Parameter(zeros({f, n_out * f}));
  register_parameter("w_in", w_in);
  register_parameter("b_in", b_in);
  register_parameter("w_out", w_out);
  register_parameter("b_out", b_out);
}

Variable KernelGenerator::operator()(const Variable& z) const {
  const auto [n_in, n_out, f, n_z, d] = options_;
  if (z.rank() != 2 || z.size(1) != n_z) {
    fail("KernelGenerator", "z is {}; hint: one embedding a row, [tiles, {}]", z.value().describe(), n_z);
  }
  const int64_t tiles = z.size(0);
  // All N_in first layers are one matrix [N_in d, N_z]; the second is shared by the N_in hidden vectors.
  const Variable a = linear(z, reshape(w_in, {n_in * d, n_z}), reshape(b_in, {n_in * d}));
  const Variable k =
      linear(reshape(a, {tiles, n_in, d}), reshape(w_out, {f * n_out * f, d}), reshape(b_out, {f * n_out * f}));
  // K_i is f x (N_out f): rows are the kernel's rows, columns its output channels and, within one, its columns.
  return permute(reshape(k, {tiles, n_in, f, n_out, f}), {0, 3, 1, 2, 4});
}

Variable join_tiles(const Variable& tiles, int64_t rows, int64_t columns) {
  if (tiles.rank() != 5 || rows < 1 || columns < 1 || tiles.size(0) != rows * columns) {
    fail("join_tiles", "tiles is {}, rows is {}, columns is {}; hint: [rows * columns, N_out, N_in, f, f]",
         tiles.value().describe(), rows, columns);
  }
  const int64_t n_out = tiles.size(1), n_in = tiles.size(2), height = tiles.size(3), width = tiles.size(4);
  const Variable grid = reshape(tiles, {rows, columns, n_out, n_in, height, width});
  return reshape(permute(grid, {1, 2, 0, 3, 4, 5}), {columns * n_out, rows * n_in, height, width});
}

}  // namespace weft::hyper
