// datasets/data_loader.cpp: reads the rows of a batch, as floats
#include "datasets/data_loader.h"

#include <algorithm>

#include "tensor/create.h"
#include "tensor/indexing.h"

namespace weft::datasets {
namespace {

constexpr std::string_view kDataLoader = "DataLoader";

/// The set in host memory, where rows can be copied.
LabelledImages checked(const LabelledImages& set) {
  if (set.size() == 0) fail(kDataLoader, "the set has no images");
  if (set.images.rank() != 4 || set.images.dtype() != DType::uint8)
    fail(kDataLoader, "images must be uint8 [n, c, h, w], got {}", set.images.describe());
  if (!set.labels.defined()) fail(kDataLoader, "the set has no labels");
  if (set.labels.rank() != 1 || set.labels.dtype() != DType::int64 || set.labels.size(0) != set.size())
    fail(kDataLoader, "labels must be int64 [{}], got {}", set.size(), set.labels.describe());
  LabelledImages host = set;
  host.images = set.images.to(cpu).contiguous();
  host.labels = set.labels.to(cpu).contiguous();
  return host;
}

BatchSampler batches_of(int64_t size, const DataLoaderOptions& options, const RandomStream* shuffle) {
  if (options.sampler && shuffle != nullptr)
    fail(kDataLoader,
         "a sampler and a shuffle stream both give an order; hint: shuffled_subset, weighted take a stream");
  const Sampler all = shuffle != nullptr ? shuffled(size, *shuffle) : sequential(size);
  return {options.sampler.value_or(all), options.batch_size, options.drop_last};
}

LabelledImages gather(const LabelledImages& set, std::span<const int64_t> indices) {
  const Tensor rows = from_data(indices, {std::ssize(indices)}, cpu);
  return {.images = index_select(set.images, 0, rows), .labels = index_select(set.labels, 0, rows)};
}

Loader<Batch>::Make make_batches(std::function<LabelledImages(std::span<const int64_t>)> read, int64_t size,
                                 const DataLoaderOptions& options) {
  return [read = std::move(read), size, transform = options.transform, device = options.device](
             std::span<const int64_t> indices, RandomStream& random) {
    for (const int64_t row : indices)
      if (row < 0 || row >= size) fail(kDataLoader, "the sampler's index {} is out of range: {} images", row, size);
    const LabelledImages rows = read(indices);
    Tensor images = to_float(rows.images);
    if (transform) {
      const int64_t count = rows.labels.numel();
      images = transform(images, random);
      if (!images.defined() || images.rank() < 1 || images.size(0) != count)
        fail(kDataLoader, "the transform must return {} images, got {}", count,
             images.defined() ? images.describe() : "an undefined tensor");
    }
    return Batch{images.to(device), rows.labels.to(device)};
  };
}

LoaderOptions loader_options(const DataLoaderOptions& options, const RandomStream* shuffle) {
  return {.workers = options.workers,
          .prefetch = options.prefetch,
          .seed = shuffle != nullptr ? shuffle->seed() : options.seed};
}

}  // namespace

DataLoader::DataLoader(const LabelledImages& set, const DataLoaderOptions& options, const RandomStream* shuffle)
    : DataLoader([host = checked(set)](std::span<const int64_t> indices) { return gather(host, indices); }, set.size(),
                 options, shuffle) {}

DataLoader::DataLoader(const ImageFolder& folder, const DataLoaderOptions& options, const RandomStream* shuffle)
    : DataLoader([folder](std::span<const int64_t> indices) { return read_pictures(folder, indices); }, folder.size(),
                 options, shuffle) {}

DataLoader::DataLoader(Read read, int64_t size, const DataLoaderOptions& options, const RandomStream* shuffle)
    : Loader<Batch>(batches_of(size, options, shuffle), make_batches(std::move(read), size, options),
                    loader_options(options, shuffle)) {}

}  // namespace weft::datasets
