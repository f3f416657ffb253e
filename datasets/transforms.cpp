// datasets/transforms.cpp: augmentation with plain loops over host memory
#include "datasets/transforms.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "tensor/create.h"

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

}  // namespace

Tensor pad_and_random_crop(const Tensor& images, int64_t padding, RandomStream& augment) {
  if (images.rank() != 4) fail("pad_and_random_crop", "images must be [n, c, h, w], got {}", images.describe());
  if (padding < 0 || padding > std::numeric_limits<int32_t>::max())
    fail("pad_and_random_crop", "padding {} is not 0 to {}", padding, std::numeric_limits<int32_t>::max());
  const Tensor x = images.to(cpu).contiguous();
  const Tensor y = empty_like(x);
  const int64_t channels = x.size(1), height = x.size(2), width = x.size(3), size = size_of(x.dtype());
  for (int64_t n = 0; n < x.size(0); ++n) {
    const int64_t down = augment.below(2 * padding + 1) - padding;
    const int64_t right = augment.below(2 * padding + 1) - padding;
    for (int64_t c = 0; c < channels; ++c) {
      const int64_t plane = (n * channels + c) * height * width * size;
      shift_plane(x.raw_data() + plane, y.raw_data() + plane, height, width, size, down, right);
    }
  }
  return y.to(images.device());
}

}  // namespace weft::datasets
