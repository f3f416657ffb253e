// nn/recurrent/lengths.h: how many steps each sequence of a batch has
#pragma once
#include <string_view>

#include "tensor/tensor.h"

namespace weft::nn {

/// Without lengths all sequences have all steps.
class Lengths {
 public:
  /// Of n sequences in `time` steps on `device`.  `lengths`: undefined, or int64 [n] on any device, in 1..time.
  /// Throws, in the name of `kind`: time below 1; lengths of another dtype or shape, or out of range.
  Lengths(std::string_view kind, int64_t n, int64_t time, Device device, const Tensor& lengths = {});

  int64_t time() const { return time_; }
  int64_t longest() const { return longest_; }
  /// Whether every sequence has a step t.
  bool full(int64_t t) const { return t < shortest_; }
  bool all_full() const { return !having_.defined(); }
  /// bool [n, 1]: the sequences that have a step t.
  Tensor having(int64_t t) const { return having_.select(1, t); }
  /// bool [n, time, 1].
  const Tensor& having() const { return having_; }

 private:
  int64_t time_, shortest_, longest_;
  Tensor having_;
};

}  // namespace weft::nn
