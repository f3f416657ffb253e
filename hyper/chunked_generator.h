// hyper/chunked_generator.h: one small network that makes weights chunk by chunk (von Oswald et al. 2020)
#pragma once
#include "hyper/weight_generator.h"

namespace weft::hyper {

struct ChunkOptions {
  int64_t size = 0;            ///< numbers that the network makes at once
  int64_t embedding_size = 8;  ///< of the learnt vector that each chunk has
};

/// The weights of a target, one after the other in one row, are cut into chunks; chunk i is
///   h(z, c_i) = H relu layers(z, c_i) + beta
/// with one network h for all chunks and targets, c_i learnt, and what stands over in the last chunk cut off
/// ("Continual learning with hypernetworks", arXiv 1906.00695). A weight is then
///   W = deviation_W h + mean_W
/// with two learnt numbers, which start as its GeneratedWeight states: a chunk may lie across weights that start very
/// different. Init: chunk embeddings and H normal so that h has variance 1, beta 0.
/// Parameters: size (N_e + 1), those of the relu layers, embedding_size a chunk and 2 a weight: far fewer than the
/// weights that it makes when there are many chunks.
class ChunkedGenerator : public WeightGenerator {
 public:
  /// Throws: chunk sizes below 1.
  ChunkedGenerator(Targets targets, ChunkOptions chunks, WeightGeneratorOptions options, RandomStream& init);

  nn::Parameter chunk_embedding;  ///< [chunks of all targets, chunk_embedding_size]
  nn::Parameter weight, bias;     ///< H [size, N_e], beta [size]
  nn::Parameter deviation, mean;  ///< [weights of all targets]

 protected:
  nn::Weights make(int64_t target, const Variable& input) override;

 private:
  struct Place {
    int64_t first_chunk, chunks, first_weight;
  };
  std::vector<Place> places_;  ///< of each target
};

}  // namespace weft::hyper
