// datasets/sampler.cpp: each epoch's draws stand at a place of the stream that its number tells
#include "datasets/sampler.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "datasets/derived_stream.h"
#include "tensor/create.h"
#include "tensor/random_discrete.h"

namespace weft::datasets {
namespace {

constexpr int64_t kPoolBatches = 16;

/// `stream` moved on by `epoch` epochs of `draws` each.
RandomStream at_epoch(RandomStream stream, int64_t epoch, int64_t draws) {
  stream.set_position(stream.position() + static_cast<uint64_t>(epoch) * static_cast<uint64_t>(draws));
  return stream;
}

std::vector<int64_t> permutation(int64_t n, const RandomStream& stream, int64_t epoch) {
  RandomStream moved = at_epoch(stream, epoch, std::max<int64_t>(n - 1, 0));  // Fisher and Yates draw n - 1 times
  return random_permutation(n, moved, cpu).to_vector<int64_t>();
}

void check_indices(const std::vector<int64_t>& indices) {
  for (const int64_t index : indices)
    if (index < 0) fail("subset", "index {} is negative", index);
}

void check_weights(const std::vector<double>& weights, int64_t count, Replacement replacement) {
  constexpr std::string_view kOp = "weighted";
  int64_t positive = 0;
  for (size_t i = 0; i < weights.size(); ++i) {
    if (!std::isfinite(weights[i]) || weights[i] < 0)
      fail(kOp, "weight {} is {}, and must be 0 or more and finite", i, weights[i]);
    positive += weights[i] > 0;
  }
  if (positive == 0) fail(kOp, "no weight is more than 0: there is nothing to draw");
  if (count < 1) fail(kOp, "count {} is not positive", count);
  if (replacement == Replacement::no && count > positive)
    fail(kOp, "{} draws without replacement, but only {} weights are more than 0", count, positive);
}

}  // namespace

Sampler sequential(int64_t n) {
  if (n < 0) fail("sequential", "n is {}, and must be 0 or more", n);
  return {n, [n](int64_t) {
            std::vector<int64_t> order(static_cast<size_t>(n));
            std::iota(order.begin(), order.end(), int64_t{0});
            return order;
          }};
}

Sampler shuffled(int64_t n, const RandomStream& stream) {
  if (n < 0) fail("shuffled", "n is {}, and must be 0 or more", n);
  return {n, [n, stream](int64_t epoch) { return permutation(n, stream, epoch); }};
}

Sampler subset(std::vector<int64_t> indices) {
  check_indices(indices);
  const int64_t size = static_cast<int64_t>(indices.size());
  return {size, [indices = std::move(indices)](int64_t) { return indices; }};
}

Sampler shuffled_subset(std::vector<int64_t> indices, const RandomStream& stream) {
  check_indices(indices);
  const int64_t size = static_cast<int64_t>(indices.size());
  return {size, [indices = std::move(indices), size, stream](int64_t epoch) {
            std::vector<int64_t> order = permutation(size, stream, epoch);
            for (int64_t& index : order) index = indices[static_cast<size_t>(index)];
            return order;
          }};
}

Sampler bucketed(std::vector<int64_t> lengths, int64_t batch_size, const RandomStream& stream) {
  if (batch_size < 1) fail("bucketed", "batch_size {} is not positive", batch_size);
  const int64_t n = std::ssize(lengths);
  return {n, [n, batch_size, stream, lengths = std::move(lengths)](int64_t epoch) {
            RandomStream own = derived_stream(stream.seed(), stream.stream(), static_cast<uint64_t>(epoch));
            std::vector<int64_t> order = random_permutation(n, own, cpu).to_vector<int64_t>();
            const int64_t pool = batch_size * std::min(kPoolBatches, n / batch_size + 1);
            for (int64_t first = 0; first < n; first += pool) {
              std::stable_sort(order.begin() + first, order.begin() + std::min(first + pool, n),
                               [&](int64_t a, int64_t b) {
                                 return lengths[static_cast<size_t>(a)] < lengths[static_cast<size_t>(b)];
                               });
            }
            std::vector<int64_t> mixed;
            for (const int64_t batch : random_permutation(n / batch_size, own, cpu).to_vector<int64_t>()) {
              const auto begin = order.begin() + batch * batch_size;
              mixed.insert(mixed.end(), begin, begin + batch_size);
            }
            mixed.insert(mixed.end(), order.begin() + std::ssize(mixed), order.end());
            return mixed;
          }};
}

Sampler weighted(const std::vector<double>& weights, int64_t count, const RandomStream& stream,
                 Replacement replacement) {
  check_weights(weights, count, replacement);
  const int64_t n = static_cast<int64_t>(weights.size()), draws = replacement == Replacement::yes ? count : n;
  return {count, [shares = from_data(weights, {n}, cpu), count, draws, stream, replacement](int64_t epoch) {
            RandomStream moved = at_epoch(stream, epoch, draws);
            return random_multinomial(shares, count, moved, replacement).to_vector<int64_t>();
          }};
}

BatchSampler::BatchSampler(Sampler sampler, int64_t batch_size, bool drop_last)
    : sampler_(std::move(sampler)), batch_size_(batch_size), drop_last_(drop_last) {
  constexpr std::string_view kOp = "DataLoader";
  if (!sampler_.order || sampler_.size < 1) fail(kOp, "the sampler has no samples");
  if (batch_size_ < 1) fail(kOp, "batch_size {} is not positive", batch_size_);
  if (drop_last_ && batch_size_ > sampler_.size)
    fail(kOp, "drop_last leaves no batch: batch_size {} is more than the {} samples", batch_size_, sampler_.size);
}

int64_t BatchSampler::size() const {
  const int64_t whole = sampler_.size / batch_size_;
  return drop_last_ || sampler_.size % batch_size_ == 0 ? whole : whole + 1;
}

std::vector<std::vector<int64_t>> BatchSampler::batches(int64_t epoch) const {
  const std::vector<int64_t> order = sampler_.order(epoch);
  if (static_cast<int64_t>(order.size()) != sampler_.size)
    fail("DataLoader", "the sampler promised {} samples and gave {}", sampler_.size, order.size());
  std::vector<std::vector<int64_t>> batches;
  for (int64_t i = 0; i < size(); ++i) {
    const auto begin = order.begin() + i * batch_size_;
    batches.emplace_back(begin, begin + std::min(batch_size_, sampler_.size - i * batch_size_));
  }
  return batches;
}

}  // namespace weft::datasets
