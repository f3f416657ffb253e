// datasets/data_loader.h: a set of labelled images cut into batches; see loader.h for batches of anything
#pragma once
#include "datasets/dataset.h"
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

 private:
  struct Checked {};  ///< the set lies in host memory, and all is well with it
  DataLoader(const LabelledImages& set, const DataLoaderOptions& options, const RandomStream* shuffle, Checked);
};

}  // namespace weft::datasets
