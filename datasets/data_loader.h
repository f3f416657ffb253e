// datasets/data_loader.h: a set cut into batches
#pragma once
#include <functional>
#include <optional>

#include "datasets/dataset.h"
#include "tensor/random.h"

namespace weft::datasets {

struct Batch {
  Tensor images;  ///< float32 [n, c, h, w] in 0..1
  Tensor labels;  ///< int64 [n]
};

/// Changes a batch of images (augmentation); draws from its own stream.
using Transform = std::function<Tensor(const Tensor& images)>;

struct DataLoaderOptions {
  int64_t batch_size = 128;
  bool drop_last = false;
  Transform transform = {};
  Device device = default_device();
};

/// for (const Batch& batch : loader) walks one epoch. With a shuffle stream every epoch has a new order, drawn at its
/// start, so that (seed, epoch) fixes it.  Throws: batch_size < 1, an empty set.
class DataLoader {
 public:
  DataLoader(const LabelledImages& set, DataLoaderOptions options, RandomStream* shuffle = nullptr);

  /// Batches an epoch.
  int64_t size() const;

  class Iterator;
  struct End {};
  Iterator begin();  ///< starts an epoch
  End end() const { return {}; }

 private:
  LabelledImages set_;
  DataLoaderOptions options_;
  RandomStream* shuffle_;
};

class DataLoader::Iterator {
 public:
  const Batch& operator*() const { return batch_; }
  const Batch* operator->() const { return &batch_; }
  Iterator& operator++();
  bool operator==(End) const { return !batch_.images.defined(); }

 private:
  friend class DataLoader;
  Iterator(const DataLoader& loader, std::optional<Tensor> order);
  void fetch();
  const DataLoader* loader_;
  std::optional<Tensor> order_;  ///< int64 [n] on the host; none: in order
  int64_t position_ = 0;
  Batch batch_;
};

}  // namespace weft::datasets
