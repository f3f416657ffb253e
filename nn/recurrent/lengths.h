// nn/recurrent/lengths.h: how many steps each sequence of a batch has
#pragma once
#include "tensor/tensor.h"

namespace weft::nn {

/// Without lengths all sequences have all steps.
class Lengths {
 public:
  /// `lengths`: undefined, or int64 [n], in 1..time.
  Lengths(int64_t n, int64_t time, const Tensor& lengths);

  int64_t longest() const { return longest_; }
  /// Whether every sequence has a step t.
  bool full(int64_t t) const { return t < shortest_; }
  bool all_full() const { return !having_.defined(); }
  /// bool [n, 1]: the sequences that have a step t.
  Tensor having(int64_t t) const { return having_.select(1, t); }
  /// bool [n, time, 1].
  const Tensor& having() const { return having_; }

 private:
  int64_t shortest_, longest_;
  Tensor having_;
};

}  // namespace weft::nn
