// datasets/data_loader.h: a set or a folder of labelled images cut into batches; loader.h has batches of anything
#pragma once
#include "datasets/dataset.h"
#include "datasets/image_folder.h"
#include "datasets/loader.h"
#include "datasets/transforms.h"

namespace weft::datasets {

struct Batch {
  Tensor images;  ///< float32 [n, c, h, w] in 0..1
  Tensor labels;  ///< int64 [n]
};

struct DataLoaderOptions {
  int64_t batch_size = 128;
  bool drop_last = false;
  Transform transform = {};  ///< of a batch's images, on the host
  Device device = default_device();
  int64_t workers = 0;                  ///< threads that make batches ahead; results do not depend on it
  int64_t prefetch = 2;                 ///< batches a worker may be ahead
  uint64_t seed = 0;                    ///< of the transform's streams; the shuffle stream's when there is one
  std::optional<Sampler> sampler = {};  ///< which images, in what order; in place of all of them
};

/// for (const Batch& batch : loader) walks one epoch. With a shuffle stream every epoch has a new order; (seed, epoch)
/// fixes it. The stream is read, not moved: state() says where the loader stands, load_state() goes on there.
/// Throws: batch_size < 1, an empty set, a sampler beside a shuffle stream or with an index out of range.
class DataLoader : public Loader<Batch> {
 public:
  DataLoader(const LabelledImages& set, const DataLoaderOptions& options, const RandomStream* shuffle = nullptr);
  /// Reads the pictures of a batch when it makes the batch: a set need not fit in memory, and workers decode side by
  /// side. What read_pictures throws comes out of the loop at that batch.
  DataLoader(const ImageFolder& folder, const DataLoaderOptions& options, const RandomStream* shuffle = nullptr);

 private:
  /// The images and labels of these indices, in host memory.
  using Read = std::function<LabelledImages(std::span<const int64_t> indices)>;
  DataLoader(Read read, int64_t size, const DataLoaderOptions& options, const RandomStream* shuffle);
};

}  // namespace weft::datasets
