// datasets/collate.h: from single samples to batches
#pragma once
#include "datasets/loader.h"

namespace weft::datasets {

/// For Loader: gets each sample by get(index, random), where `random` belongs to this sample of this batch, and joins
/// them by collate(std::vector<Sample>).
template <class Get, class Collate>
auto collated(Get get, Collate collate) {
  return [get = std::move(get), collate = std::move(collate)](std::span<const int64_t> indices, RandomStream& random) {
    using Sample = decltype(get(int64_t{}, random));
    std::vector<Sample> samples;
    for (const int64_t index : indices) {
      RandomStream own = split_off(random);
      samples.push_back(get(index, own));
    }
    return collate(std::move(samples));
  };
}

/// PyTorch's default_collate: field k of all samples, stacked along a new first axis.
/// Throws: no samples, samples with different numbers of fields, fields that differ in shape or dtype.
std::vector<Tensor> stack_samples(const std::vector<std::vector<Tensor>>& samples);

/// For Loader, PyTorch's TensorDataset: rows of each of `tensors`, on their devices.
/// Throws: no tensors, different numbers of rows; later an index out of range.
Loader<std::vector<Tensor>>::Make tensor_rows(std::vector<Tensor> tensors);

}  // namespace weft::datasets
