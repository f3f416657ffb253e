// hyper/demos/harness/epoch_times.h: how long epochs took
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "tensor/tensor.h"

namespace weft::demo {

/// Where the training of a model stood when an epoch ended. Seconds are sums since it began, stops left out; `training`
/// has what makes steps, with their data, and `evaluation` the validations.
struct EpochEnd {
  int64_t epoch, step;
  double training, evaluation;
};

/// float64 [n, 4], and back.  Throws: a tensor of another shape.
Tensor tensor_of(const std::vector<EpochEnd>& ends);
std::vector<EpochEnd> epoch_ends(const Tensor& ends);

/// The heading, then a row an epoch: steps, seconds of training and evaluation, steps a second of training; of many
/// epochs a row for several, "1-14"; at last all together.
std::vector<std::vector<std::string>> time_rows(const std::vector<EpochEnd>& ends);

}  // namespace weft::demo
