// hyper/embeddings.h: what a hyper cell tells the main cell at every step (Ha, Dai and Le 2016, equations 6 and 11)
#pragma once
#include "nn/nn.h"

namespace weft::hyper {

/// Which state of the hyper cell the embeddings of a step are read from.
enum class EmbeddingsFrom : bool {
  new_state,       ///< h^_t, as the authors' code has it
  previous_state,  ///< h^_{t-1}, as equations 6 and 11 are printed
};

/// For every gate an embedding for each of three roles, all by one product:
///   z_h = W_h h^ + b_h     for the recurrent weight
///   z_x = W_x h^ + b_x     for the input weight
///   z_b = W_b h^           for the bias
/// Init: init::embedding_weight_ and init::embedding_bias_.
class Embeddings : public nn::Module {
 public:
  /// Throws: sizes below 1.
  Embeddings(int64_t hyper_size, int64_t embedding_size, int64_t gates, RandomStream& init);
  std::string_view kind() const override { return "Embeddings"; }

  /// hyper_h [n, hyper_size] -> [n, 3, gates, embedding_size]; roles in the order h, x, b.
  Variable operator()(const Variable& hyper_h) const;

  nn::Parameter weight;  // [3, gates, embedding_size, hyper_size]
  nn::Parameter bias;    // [2, gates, embedding_size]: the roles h and x
};

}  // namespace weft::hyper
