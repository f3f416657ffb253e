// hyper/chunked_generator.cpp: one small network that makes weights chunk by chunk
#include "hyper/chunked_generator.h"

#include <cmath>

#include "autograd/elementwise.h"
#include "autograd/matmul.h"
#include "autograd/view.h"
#include "hyper/init.h"
#include "tensor/create.h"

namespace weft::hyper {
namespace {

int64_t checked_size(const ChunkOptions& chunks) {
  if (chunks.size < 1 || chunks.embedding_size < 1) {
    fail("ChunkedGenerator", "chunks are of size {} with embeddings of {}; hint: both are at least 1", chunks.size,
         chunks.embedding_size);
  }
  return chunks.embedding_size;
}

}  // namespace

ChunkedGenerator::ChunkedGenerator(Targets targets_of, ChunkOptions chunks, WeightGeneratorOptions options_of,
                                   RandomStream& init)
    : WeightGenerator("ChunkedGenerator", std::move(targets_of), std::move(options_of), checked_size(chunks), init) {
  int64_t all_chunks = 0;
  std::vector<float> deviations, means;
  for (const TargetWeights& target : targets()) {
    const int64_t count = (numel_of(target) + chunks.size - 1) / chunks.size;
    places_.push_back({all_chunks, count, std::ssize(means)});
    all_chunks += count;
    for (const GeneratedWeight& made : target) {
      deviations.push_back(static_cast<float>(std::sqrt(made.variance)));
      means.push_back(static_cast<float>(made.mean));
    }
  }
  const double variance = options().embedding_variance;
  chunk_embedding = nn::Parameter(empty({all_chunks, chunks.embedding_size}));
  nn::init::normal_(chunk_embedding.value(), init, 0, std::sqrt(variance));
  weight = nn::Parameter(empty({chunks.size, feature_size()}));
  init::generator_weight_(weight.value(), init, 1, variance);
  bias = nn::Parameter(zeros({chunks.size}));
  deviation = nn::Parameter(from_data(deviations, {std::ssize(deviations)}));
  mean = nn::Parameter(from_data(means, {std::ssize(means)}));
  register_parameter("chunk_embedding", chunk_embedding);
  register_parameter("weight", weight);
  register_parameter("bias", bias);
  register_parameter("deviation", deviation);
  register_parameter("mean", mean);
}

nn::Weights ChunkedGenerator::make(int64_t target, const Variable& input) {
  const Place& place = places_[static_cast<size_t>(target)];
  const int64_t n = input.size(0), chunks = place.chunks;
  const Variable own = slice(chunk_embedding, 0, place.first_chunk, place.first_chunk + chunks);
  const Variable inputs = cat(
      {expand(unsqueeze(input, 1), {n, chunks, input.size(1)}), expand(unsqueeze(own, 0), {n, chunks, own.size(1)})},
      2);
  const Variable numbers = flatten(linear(features(inputs), weight, bias), 1);
  const TargetWeights& target_weights = targets()[static_cast<size_t>(target)];
  nn::Weights weights = cut_weights(slice(numbers, 1, 0, numel_of(target_weights)), target_weights);
  int64_t number = place.first_weight;
  for (const GeneratedWeight& made : target_weights) {
    Variable& made_now = weights.at(made.name);
    made_now = made_now * select(deviation, 0, number) + select(mean, 0, number);
    ++number;
  }
  return weights;
}

}  // namespace weft::hyper
