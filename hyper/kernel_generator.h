// hyper/kernel_generator.h: the static hypernetwork of Ha, Dai and Le 2016, section 3.1
#pragma once
#include "nn/nn.h"

namespace weft::hyper {

struct KernelGeneratorOptions {
  int64_t in_channels = 16;    ///< N_in of one tile
  int64_t out_channels = 16;   ///< N_out of one tile
  int64_t kernel_size = 3;     ///< f
  int64_t embedding_size = 4;  ///< N_z
  int64_t hidden_size = 4;     ///< d; the paper takes d = N_z
};

/// Two linear layers without a nonlinearity that turn an embedding z into a kernel tile (equation 2):
///   a_i = W_i z + B_i            i = 1 .. N_in,  W_i [d, N_z], B_i [d]
///   K_i = <W_out, a_i> + B_out   W_out [f, N_out f, d], B_out [f, N_out f]
///   K   = (K_1 ... K_Nin)
/// One generator serves any number of tiles and layers; only the embeddings are theirs.
/// Init (the authors' notebook): weights truncated normal of deviation 0.01, biases 0.
/// Parameters: d (N_z + 1) N_in + f^2 N_out (d + 1).
class KernelGenerator : public nn::Module {
 public:
  KernelGenerator(KernelGeneratorOptions options, RandomStream& init);
  std::string_view kind() const override { return "KernelGenerator"; }

  /// z [tiles, N_z] -> [tiles, N_out, N_in, f, f].
  Variable operator()(const Variable& z) const;
  const KernelGeneratorOptions& options() const { return options_; }

  nn::Parameter w_in, b_in;    // [N_in, d, N_z], [N_in, d]
  nn::Parameter w_out, b_out;  // [f, N_out f, d], [f, N_out f]

 private:
  KernelGeneratorOptions options_;
};

/// Joins tiles into one kernel (equation 3): tile (r, c) holds input block r and output block c; tiles are numbered row
/// by row.  tiles [rows * columns, N_out, N_in, f, f] -> [columns * N_out, rows * N_in, f, f].
Variable join_tiles(const Variable& tiles, int64_t rows, int64_t columns);

}  // namespace weft::hyper
