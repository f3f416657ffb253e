// datasets/data_loader.cpp: gathers the rows of a batch with plain loops over host memory
#include "datasets/data_loader.h"

#include <algorithm>

#include "tensor/create.h"

namespace weft::datasets {
namespace {

constexpr std::string_view kOp = "DataLoader";

void check_set(const LabelledImages& set) {
  if (set.size() == 0) fail(kOp, "the set has no images");
  if (set.images.rank() != 4 || set.images.dtype() != DType::uint8)
    fail(kOp, "images must be uint8 [n, c, h, w], got {}", set.images.describe());
  if (!set.labels.defined()) fail(kOp, "the set has no labels");
  if (set.labels.rank() != 1 || set.labels.dtype() != DType::int64 || set.labels.size(0) != set.size())
    fail(kOp, "labels must be int64 [{}], got {}", set.size(), set.labels.describe());
}

/// Pixels 0..255 become 0..1.
void copy_row(const uint8_t* pixels, int64_t count, float* y) {
  for (int64_t i = 0; i < count; ++i) y[i] = static_cast<float>(pixels[i]) / 255.0F;
}

}  // namespace

DataLoader::DataLoader(const LabelledImages& set, DataLoaderOptions options, RandomStream* shuffle)
    : set_(set), options_(std::move(options)), shuffle_(shuffle) {
  check_set(set_);
  if (options_.batch_size < 1) fail(kOp, "batch_size {} is not positive", options_.batch_size);
  if (options_.drop_last && options_.batch_size > set_.size())
    fail(kOp, "drop_last leaves no batch: batch_size {} is more than the {} images", options_.batch_size, set_.size());
  set_.images = set_.images.to(cpu).contiguous();
  set_.labels = set_.labels.to(cpu).contiguous();
}

int64_t DataLoader::size() const {
  const int64_t whole = set_.size() / options_.batch_size;
  return options_.drop_last || set_.size() % options_.batch_size == 0 ? whole : whole + 1;
}

DataLoader::Iterator DataLoader::begin() {
  if (shuffle_ == nullptr) return Iterator(*this, {});
  return Iterator(*this, random_permutation(set_.size(), *shuffle_, cpu));
}

DataLoader::Iterator::Iterator(const DataLoader& loader, std::optional<Tensor> order)
    : loader_(&loader), order_(std::move(order)) {
  fetch();
}

DataLoader::Iterator& DataLoader::Iterator::operator++() {
  position_ += loader_->options_.batch_size;
  fetch();
  return *this;
}

void DataLoader::Iterator::fetch() {
  const DataLoaderOptions& options = loader_->options_;
  const LabelledImages& set = loader_->set_;
  batch_ = {};  // first, so that its memory serves the next one
  const int64_t left = set.size() - position_;
  const int64_t count = std::min(left, options.batch_size);
  if (left <= 0 || (options.drop_last && count < options.batch_size)) return;

  Shape shape = set.images.shape();
  shape[0] = count;
  Tensor images = empty(shape, {.dtype = DType::float32, .device = cpu});
  const Tensor labels = empty({count}, {.dtype = DType::int64, .device = cpu});
  const int64_t pixels = images.numel() / count;
  for (int64_t i = 0; i < count; ++i) {
    const int64_t row = order_ ? order_->data<int64_t>()[position_ + i] : position_ + i;
    copy_row(set.images.data<uint8_t>() + row * pixels, pixels, images.data<float>() + i * pixels);
    labels.data<int64_t>()[i] = set.labels.data<int64_t>()[row];
  }
  if (options.transform) {
    images = options.transform(images);
    if (!images.defined() || images.rank() < 1 || images.size(0) != count)
      fail(kOp, "the transform must return {} images, got {}", count,
           images.defined() ? images.describe() : "an undefined tensor");
  }
  batch_ = {images.to(options.device), labels.to(options.device)};
}

}  // namespace weft::datasets
