// datasets/erasing.cpp: random rectangles are overwritten
#include <cmath>

#include "datasets/check_images.h"
#include "datasets/derived_stream.h"
#include "datasets/transforms.h"

namespace weft::datasets {
namespace {

constexpr std::string_view kRandomErasing = "random_erasing";
constexpr int kAttempts = 10;

struct Rectangle {
  int64_t top, left, height, width;
};

void check_range(std::string_view what, double least, double most, double limit) {
  if (!(least > 0 && least <= most && most <= limit))
    fail(kRandomErasing, "{} {} to {} is no range within 0 to {}", what, least, most, limit);
}

std::optional<Rectangle> draw(int64_t height, int64_t width, const ErasingOptions& o, RandomStream& own) {
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const double share = o.least_area + (o.most_area - o.least_area) * own.uniform();
    const double area = static_cast<double>(height * width) * share;
    const double low = std::log(o.least_ratio), high = std::log(o.most_ratio);
    const double ratio = std::exp(low + (high - low) * own.uniform());
    const int64_t h = std::llround(std::sqrt(area * ratio)), w = std::llround(std::sqrt(area / ratio));
    if (h >= height || w >= width) continue;
    return Rectangle{own.below(height - h + 1), own.below(width - w + 1), h, w};
  }
  return {};
}

}  // namespace

Tensor random_erasing(const Tensor& images, RandomStream& augment, const ErasingOptions& options) {
  check_floating_images(kRandomErasing, images);
  check_probability(kRandomErasing, options.p);
  check_range("area", options.least_area, options.most_area, 1);
  check_range("ratio", options.least_ratio, options.most_ratio, 1e6);
  const Tensor y = images.clone();
  for (int64_t n = 0; n < y.size(0); ++n) {
    RandomStream own = split_off(augment);
    if (own.uniform() >= options.p) continue;
    const auto hole = draw(y.size(2), y.size(3), options, own);
    if (!hole) continue;
    y.select(0, n)
        .slice(1, hole->top, hole->top + hole->height)
        .slice(2, hole->left, hole->left + hole->width)
        .fill_(options.value);
  }
  return y;
}

}  // namespace weft::datasets
