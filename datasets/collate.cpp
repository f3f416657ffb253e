// datasets/collate.cpp: batches by the engine's own join and index_select
#include "datasets/collate.h"

#include "tensor/create.h"
#include "tensor/indexing.h"
#include "tensor/join.h"

namespace weft::datasets {

std::vector<Tensor> stack_samples(const std::vector<std::vector<Tensor>>& samples) {
  constexpr std::string_view kOp = "stack_samples";
  if (samples.empty()) fail(kOp, "there are no samples");
  const std::vector<Tensor>& first = samples[0];
  for (size_t i = 1; i < samples.size(); ++i) {
    if (samples[i].size() != first.size())
      fail(kOp, "sample {} has {} fields, the first has {}", i, samples[i].size(), first.size());
    for (size_t k = 0; k < first.size(); ++k)
      if (samples[i][k].shape() != first[k].shape() || samples[i][k].dtype() != first[k].dtype())
        fail(kOp, "field {} of sample {} is {}, the first sample's is {}; hint: pad or crop to one size", k, i,
             samples[i][k].describe(), first[k].describe());
  }
  std::vector<Tensor> batch;
  for (size_t k = 0; k < first.size(); ++k) {
    std::vector<Tensor> column;
    for (const std::vector<Tensor>& sample : samples) column.push_back(sample[k]);
    batch.push_back(stack(column, 0));
  }
  return batch;
}

Loader<std::vector<Tensor>>::Make tensor_rows(std::vector<Tensor> tensors) {
  constexpr std::string_view kOp = "tensor_rows";
  if (tensors.empty()) fail(kOp, "there are no tensors");
  for (const Tensor& x : tensors)
    if (x.rank() < 1 || x.size(0) != tensors[0].size(0))
      fail(kOp, "numbers of rows differ: {} and {}", tensors[0].describe(), x.describe());
  return [tensors = std::move(tensors)](std::span<const int64_t> indices, RandomStream&) {
    const Tensor rows = from_data(indices, {static_cast<int64_t>(indices.size())}, cpu);
    std::vector<Tensor> batch;
    for (const Tensor& x : tensors) batch.push_back(index_select(x, 0, rows.to(x.device())));
    return batch;
  };
}

}  // namespace weft::datasets
