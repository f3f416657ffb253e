// nn/recurrent/scan.h: one cell along a sequence
#pragma once
#include <optional>
#include <vector>

#include "nn/recurrent/cell.h"

namespace weft::nn {

/// How many steps each sequence of a batch has; without lengths all have all.
class Lengths {
 public:
  Lengths(int64_t n, int64_t time, const Tensor& lengths);

  int64_t longest() const { return longest_; }
  /// Whether every sequence has a step t.
  bool full(int64_t t) const { return t < shortest_; }
  /// bool [n, 1]: the sequences that have a step t.
  Tensor having(int64_t t) const { return having_.select(1, t); }
  /// bool [n, time, 1].
  const Tensor& having() const { return having_; }
  bool all_full() const { return !having_.defined(); }

 private:
  int64_t shortest_, longest_;
  Tensor having_;
};

/// The inputs of all steps are projected in one product.  x [n, time, input_size], each part of `state` [n, its size]
/// -> h at every step, [n, time, hidden], and the last state. From::last goes backwards in time.
struct Scanned {
  Variable output;
  RecurrentState state;
};
Scanned scan(RecurrentCell& cell, const Variable& x, const RecurrentState& state, const Lengths& lengths, From from);

}  // namespace weft::nn
