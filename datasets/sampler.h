// datasets/sampler.h: which samples come, in which order, and how they are cut into batches
#pragma once
#include <functional>
#include <span>
#include <vector>

#include "tensor/random_discrete.h"

namespace weft::datasets {

/// The order of any epoch. It depends on the epoch's number alone (and on what the sampler was made from), never on
/// what was drawn before: a run goes on anywhere. Streams that are handed in are read, not moved.
struct Sampler {
  int64_t size = 0;                                          ///< samples an epoch
  std::function<std::vector<int64_t>(int64_t epoch)> order;  ///< their numbers
};

/// 0, 1, ... n - 1 in every epoch.  Throws: n < 0.
Sampler sequential(int64_t n);
/// 0 .. n - 1, a new permutation each epoch: epoch e draws what the (e + 1)-th random_permutation of `stream` would.
Sampler shuffled(int64_t n, const RandomStream& stream);
/// The numbers given, in that order.  Throws: a negative number.
Sampler subset(std::vector<int64_t> indices);
/// The numbers given, a new permutation each epoch.
Sampler shuffled_subset(std::vector<int64_t> indices, const RandomStream& stream);

/// For batches of sequences that are padded: samples of like length beside each other. Each epoch is a new permutation
/// of 0 .. lengths.size() - 1 cut into pools of 16 batches; a pool is sorted by length, and all whole batches then come
/// in random order, a short one at the end.  Throws: batch_size < 1.
Sampler bucketed(std::vector<int64_t> lengths, int64_t batch_size, const RandomStream& stream);

/// `count` draws an epoch, number i with probability weights[i] / sum(weights); without replacement one after another
/// from those that are left (Efraimidis and Spirakis, "Weighted random sampling with a reservoir", 2006).
/// Throws: a weight that is negative or not finite, a sum of 0, count < 1, more draws than positive weights.
Sampler weighted(const std::vector<double>& weights, int64_t count, const RandomStream& stream,
                 Replacement replacement = Replacement::yes);

/// A sampler's order cut into batches.
class BatchSampler {
 public:
  /// The last batch is short, or left out with drop_last.  Throws: no samples, batch_size < 1, drop_last leaves none.
  BatchSampler(Sampler sampler, int64_t batch_size, bool drop_last = false);

  int64_t size() const;  ///< batches an epoch
  std::vector<std::vector<int64_t>> batches(int64_t epoch) const;

 private:
  Sampler sampler_;
  int64_t batch_size_;
  bool drop_last_;
};

}  // namespace weft::datasets
