// datasets/transforms.cpp: augmentation with plain loops over host memory
#include "datasets/transforms.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "datasets/check_images.h"
#include "datasets/derived_stream.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"

namespace weft::datasets {
namespace {

/// y(i, j) = x(i + down, j + right), zero outside x; both planes are height x width elements of `size` bytes.
void shift_plane(const std::byte* x, std::byte* y, int64_t height, int64_t width, int64_t size, int64_t down,
                 int64_t right) {
  std::memset(y, 0, static_cast<size_t>(height * width * size));
  const int64_t first = std::max<int64_t>(0, -right), last = std::min(width, width - right);
  if (first >= last) return;
  for (int64_t i = std::max<int64_t>(0, -down); i < std::min(height, height - down); ++i)
    std::memcpy(y + (i * width + first) * size, x + ((i + down) * width + first + right) * size,
                static_cast<size_t>((last - first) * size));
}

void mirror_rows(const std::byte* x, std::byte* y, int64_t rows, int64_t width, int64_t size) {
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < width; ++j)
      std::memcpy(y + (i * width + j) * size, x + (i * width + width - 1 - j) * size, static_cast<size_t>(size));
}

Tensor shifted(const Tensor& images, int64_t rows, int64_t columns, RandomStream& augment) {
  const Tensor x = images.to(cpu).contiguous();
  const Tensor y = empty_like(x);
  const int64_t channels = x.size(1), height = x.size(2), width = x.size(3), size = size_of(x.dtype());
  for (int64_t n = 0; n < x.size(0); ++n) {
    const int64_t down = augment.below(2 * rows + 1) - rows;
    const int64_t right = augment.below(2 * columns + 1) - columns;
    for (int64_t c = 0; c < channels; ++c) {
      const int64_t plane = (n * channels + c) * height * width * size;
      shift_plane(x.raw_data() + plane, y.raw_data() + plane, height, width, size, down, right);
    }
  }
  return y.to(images.device());
}

void check_distance(std::string_view op, std::string_view what, int64_t distance) {
  if (distance < 0 || distance > std::numeric_limits<int32_t>::max())
    fail(op, "{} {} is not 0 to {}", what, distance, std::numeric_limits<int32_t>::max());
}

}  // namespace

Transform compose(std::vector<Transform> transforms) {
  for (const Transform& transform : transforms)
    if (!transform) fail("compose", "one of the {} transforms is empty", transforms.size());
  return [transforms = std::move(transforms)](const Tensor& images, RandomStream& random) {
    Tensor y = images;
    for (const Transform& transform : transforms) {
      RandomStream own = split_off(random);
      y = transform(y, own);
    }
    return y;
  };
}

Tensor to_float(const Tensor& images) {
  if (images.dtype() != DType::uint8) fail("to_float", "images must be uint8, got {}", images.describe());
  return images.to(DType::float32).div_(255);
}

Tensor normalize(const Tensor& images, const std::vector<double>& mean, const std::vector<double>& deviation) {
  constexpr std::string_view kOp = "normalize";
  check_floating_images(kOp, images);
  const size_t channels = static_cast<size_t>(images.size(1));
  if (mean.size() != channels || deviation.size() != channels)
    fail(kOp, "{} means and {} deviations for {}", mean.size(), deviation.size(), images.describe());
  for (const double d : deviation)
    if (!(d > 0)) fail(kOp, "deviation {} is not positive", d);
  const auto per_channel = [&](const std::vector<double>& values) {
    return from_data(values, {images.size(1), 1, 1}, cpu).to(images.dtype()).to(images.device());
  };
  return div(sub(images, per_channel(mean)), per_channel(deviation));
}

Tensor random_horizontal_flip(const Tensor& images, RandomStream& augment, double p) {
  constexpr std::string_view kOp = "random_horizontal_flip";
  check_images(kOp, images);
  check_probability(kOp, p);
  const Tensor x = images.to(cpu).contiguous();
  const Tensor y = x.clone();
  const int64_t rows = x.size(1) * x.size(2), width = x.size(3), size = size_of(x.dtype());
  for (int64_t n = 0; n < x.size(0); ++n) {
    if (augment.uniform() >= p) continue;
    const int64_t image = n * rows * width * size;
    mirror_rows(x.raw_data() + image, y.raw_data() + image, rows, width, size);
  }
  return y.to(images.device());
}

Tensor random_shift(const Tensor& images, int64_t rows, int64_t columns, RandomStream& augment) {
  check_images("random_shift", images);
  check_distance("random_shift", "rows", rows);
  check_distance("random_shift", "columns", columns);
  return shifted(images, rows, columns, augment);
}

Tensor pad_and_random_crop(const Tensor& images, int64_t padding, RandomStream& augment) {
  check_images("pad_and_random_crop", images);
  check_distance("pad_and_random_crop", "padding", padding);
  return shifted(images, padding, padding, augment);
}

}  // namespace weft::datasets
