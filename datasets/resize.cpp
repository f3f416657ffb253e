// datasets/resize.cpp: two passes, along the rows and along the columns
#include "datasets/resize.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "tensor/create.h"

namespace weft::datasets {
namespace {

/// Pixels first, first + 1, ... of the old axis and what each counts for one pixel of the new one.
struct Tap {
  int64_t first;
  std::vector<double> weights;
};

/// Of an axis resized from `from` to `to` pixels, those that are wanted: count of them, from `start` on.
struct Stretch {
  int64_t from, to, start, count;
};

std::vector<Tap> taps(const Stretch& axis) {
  const double scale = static_cast<double>(axis.from) / static_cast<double>(axis.to), reach = std::max(scale, 1.0);
  std::vector<Tap> result;
  for (int64_t i = axis.start; i < axis.start + axis.count; ++i) {
    const double centre = (static_cast<double>(i) + 0.5) * scale;
    const int64_t first = std::max<int64_t>(static_cast<int64_t>(centre - reach + 0.5), 0);
    const int64_t last = std::min(static_cast<int64_t>(centre + reach + 0.5), axis.from);
    Tap tap{first, {}};
    double sum = 0;
    for (int64_t k = first; k < last; ++k) {
      tap.weights.push_back(std::max(0.0, 1 - std::fabs(static_cast<double>(k) + 0.5 - centre) / reach));
      sum += tap.weights.back();
    }
    for (double& weight : tap.weights) weight /= sum;
    result.push_back(std::move(tap));
  }
  return result;
}

/// `x` is where the tap's first pixel stands.
double weighted_mean(const Tap& tap, const double* x, int64_t stride) {
  double sum = 0;
  for (size_t k = 0; k < tap.weights.size(); ++k) sum += tap.weights[k] * x[static_cast<int64_t>(k) * stride];
  return sum;
}

/// Where old and new pixels of one plane stand.
struct Axes2 {
  int64_t height, width;
  std::vector<Tap> rows, columns;
};

template <class T>
void resize_plane(const T* x, T* y, const Axes2& axes) {
  const int64_t new_height = static_cast<int64_t>(axes.rows.size()),
                new_width = static_cast<int64_t>(axes.columns.size());
  const Tap& bottom = axes.rows.back();
  const int64_t first = axes.rows.front().first, last = bottom.first + static_cast<int64_t>(bottom.weights.size());
  std::vector<double> row(static_cast<size_t>(axes.width)), wide(static_cast<size_t>((last - first) * new_width));
  for (int64_t i = first; i < last; ++i) {
    std::copy_n(x + i * axes.width, axes.width, row.begin());
    for (int64_t j = 0; j < new_width; ++j)
      wide[(i - first) * new_width + j] = weighted_mean(axes.columns[j], row.data() + axes.columns[j].first, 1);
  }
  for (int64_t i = 0; i < new_height; ++i)
    for (int64_t j = 0; j < new_width; ++j) {
      const Tap& tap = axes.rows[i];
      const double value = weighted_mean(tap, wide.data() + (tap.first - first) * new_width + j, new_width);
      if constexpr (std::is_integral_v<T>)
        y[i * new_width + j] = static_cast<T>(std::clamp(std::round(value), 0.0, 255.0));
      else y[i * new_width + j] = static_cast<T>(value);
    }
}

void check_planes(std::string_view op, const Tensor& images, int64_t height, int64_t width) {
  if (images.rank() < 2) fail(op, "images must be [..., h, w], got {}", images.describe());
  if (height < 1 || width < 1) fail(op, "{} x {} pixels is no size", height, width);
}

void check_images(std::string_view op, const Tensor& images, int64_t height, int64_t width) {
  check_planes(op, images, height, width);
  if (images.dtype() != DType::uint8 && !is_floating(images.dtype()))
    fail(op, "images must be uint8 or floats, got {}", images.describe());
  if (images.size(-2) == 0 || images.size(-1) == 0) fail(op, "{} has no pixels", images.describe());
}

/// The pixels that `rows` and `columns` ask for.
Tensor resized(const Tensor& images, const Stretch& rows, const Stretch& columns) {
  Shape shape = images.shape();
  shape[shape.size() - 2] = rows.count;
  shape[shape.size() - 1] = columns.count;
  const Tensor x = images.to(cpu).contiguous(), y = empty(shape, {.dtype = images.dtype(), .device = cpu});
  const Axes2 axes{rows.from, columns.from, taps(rows), taps(columns)};
  const int64_t old_pixels = rows.from * columns.from, new_pixels = rows.count * columns.count;
  visit_dtype(images.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    for (int64_t plane = 0; plane < y.numel() / new_pixels; ++plane)
      resize_plane(x.data<T>() + plane * old_pixels, y.data<T>() + plane * new_pixels, axes);
  });
  return y.to(images.device());
}

/// Where the middle `size` of `whole` begins.
int64_t middle(int64_t whole, int64_t size) { return std::llrint(static_cast<double>(whole - size) / 2); }

}  // namespace

Tensor resize(const Tensor& images, int64_t height, int64_t width) {
  check_images("resize", images, height, width);
  return resized(images, {images.size(-2), height, 0, height}, {images.size(-1), width, 0, width});
}

Tensor resize_and_center_crop(const Tensor& images, int64_t height, int64_t width) {
  check_images("resize_and_center_crop", images, height, width);
  const int64_t old_height = images.size(-2), old_width = images.size(-1);
  const bool is_wide = height * old_width >= width * old_height;
  const int64_t whole_height = is_wide ? height : width * old_height / old_width;
  const int64_t whole_width = is_wide ? height * old_width / old_height : width;
  return resized(images, {old_height, whole_height, middle(whole_height, height), height},
                 {old_width, whole_width, middle(whole_width, width), width});
}

Tensor center_crop(const Tensor& images, int64_t height, int64_t width) {
  constexpr std::string_view kOp = "center_crop";
  check_planes(kOp, images, height, width);
  if (images.size(-2) < height || images.size(-1) < width)
    fail(kOp, "{} x {} pixels do not fit into {}; hint: resize first", height, width, images.describe());
  const int64_t top = middle(images.size(-2), height), left = middle(images.size(-1), width);
  return images.slice(-2, top, top + height).slice(-1, left, left + width).contiguous();
}

}  // namespace weft::datasets
