// nn/embedding.h: vectors for words and classes
#pragma once
#include <optional>

#include "nn/module.h"
#include "tensor/random.h"

namespace weft::nn {

/// y = the rows of weight [num_embeddings, embedding_dim] at x.  x int64, any shape [...] -> [..., embedding_dim].
/// Init: N(0, 1); the row padding_idx (negative: from the end) starts as 0 and gets no gradient.
class Embedding : public Layer {
 public:
  /// Throws: sizes below 1, padding_idx out of range.
  Embedding(int64_t num_embeddings, int64_t embedding_dim, RandomStream& init, std::optional<int64_t> padding_idx = {});
  /// With these rows, [num_embeddings, embedding_dim], which are trained on; the tensor is the layer's from now on.
  /// Throws: not two axes or not a float, padding_idx out of range.
  explicit Embedding(Tensor pretrained, std::optional<int64_t> padding_idx = {});
  std::string_view kind() const override { return "Embedding"; }
  /// Throws: x not int64, an index out of range.
  Variable operator()(const Variable& x) override;

  Parameter weight;  // state name: "weight"

 private:
  std::optional<int64_t> padding_idx_;
};

}  // namespace weft::nn
