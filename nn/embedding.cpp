// nn/embedding.cpp: vectors for words and classes
#include "nn/embedding.h"

#include "autograd/embedding.h"
#include "tensor/create.h"

namespace weft::nn {
namespace {

/// Counted from the start.
int64_t padding_row(int64_t padding_idx, int64_t rows) {
  if (padding_idx < -rows || padding_idx >= rows) {
    fail("Embedding", "padding_idx {} is out of range: there are {} rows", padding_idx, rows);
  }
  return padding_idx < 0 ? padding_idx + rows : padding_idx;
}

Tensor drawn(int64_t num_embeddings, int64_t embedding_dim, RandomStream& init, std::optional<int64_t> padding_idx) {
  if (num_embeddings < 1 || embedding_dim < 1) {
    fail("Embedding", "num_embeddings is {}, embedding_dim is {}; hint: both are at least 1", num_embeddings,
         embedding_dim);
  }
  Tensor rows = random_normal({num_embeddings, embedding_dim}, init);
  if (padding_idx) rows.select(0, padding_row(*padding_idx, num_embeddings)).fill_(0);
  return rows;
}

}  // namespace

Embedding::Embedding(int64_t num_embeddings, int64_t embedding_dim, RandomStream& init,
                     std::optional<int64_t> padding_idx)
    : Embedding(drawn(num_embeddings, embedding_dim, init, padding_idx), padding_idx) {}

Embedding::Embedding(Tensor pretrained, std::optional<int64_t> padding_idx) {
  if (pretrained.rank() != 2 || !is_floating(pretrained.dtype())) {
    fail("Embedding", "the rows are {}; hint: they are [num_embeddings, embedding_dim], float", pretrained.describe());
  }
  if (padding_idx) padding_idx_ = padding_row(*padding_idx, pretrained.size(0));
  weight = Parameter(std::move(pretrained));
  register_parameter("weight", weight);
}

Variable Embedding::operator()(const Variable& x) { return embedding(weight, x.value(), padding_idx_); }

}  // namespace weft::nn
