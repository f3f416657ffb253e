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

std::vector<Tap> taps(int64_t from, int64_t to) {
  const double scale = static_cast<double>(from) / static_cast<double>(to), reach = std::max(scale, 1.0);
  std::vector<Tap> result;
  for (int64_t i = 0; i < to; ++i) {
    const double centre = (static_cast<double>(i) + 0.5) * scale;
    const int64_t first = std::max<int64_t>(static_cast<int64_t>(centre - reach + 0.5), 0);
    const int64_t last = std::min(static_cast<int64_t>(centre + reach + 0.5), from);
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

double weighted_mean(const Tap& tap, const double* x, int64_t stride) {
  double sum = 0;
  for (size_t k = 0; k < tap.weights.size(); ++k) sum += tap.weights[k] * x[(tap.first + int64_t(k)) * stride];
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
  std::vector<double> row(static_cast<size_t>(axes.width)), wide(static_cast<size_t>(axes.height * new_width));
  for (int64_t i = 0; i < axes.height; ++i) {
    std::copy_n(x + i * axes.width, axes.width, row.begin());
    for (int64_t j = 0; j < new_width; ++j) wide[i * new_width + j] = weighted_mean(axes.columns[j], row.data(), 1);
  }
  for (int64_t i = 0; i < new_height; ++i)
    for (int64_t j = 0; j < new_width; ++j) {
      const double value = weighted_mean(axes.rows[i], wide.data() + j, new_width);
      if constexpr (std::is_integral_v<T>)
        y[i * new_width + j] = static_cast<T>(std::clamp(std::round(value), 0.0, 255.0));
      else y[i * new_width + j] = static_cast<T>(value);
    }
}

void check_planes(std::string_view op, const Tensor& images, int64_t height, int64_t width) {
  if (images.rank() < 2) fail(op, "images must be [..., h, w], got {}", images.describe());
  if (height < 1 || width < 1) fail(op, "{} x {} pixels is no size", height, width);
}

}  // namespace

Tensor resize(const Tensor& images, int64_t height, int64_t width) {
  constexpr std::string_view kOp = "resize";
  check_planes(kOp, images, height, width);
  if (images.dtype() != DType::uint8 && !is_floating(images.dtype()))
    fail(kOp, "images must be uint8 or floats, got {}", images.describe());
  const int64_t old_height = images.size(-2), old_width = images.size(-1);
  if (old_height == 0 || old_width == 0) fail(kOp, "{} has no pixels", images.describe());
  Shape shape = images.shape();
  shape[shape.size() - 2] = height;
  shape[shape.size() - 1] = width;
  const Tensor x = images.to(cpu).contiguous(), y = empty(shape, {.dtype = images.dtype(), .device = cpu});
  const Axes2 axes{old_height, old_width, taps(old_height, height), taps(old_width, width)};
  visit_dtype(images.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    const int64_t planes = y.numel() / (height * width);
    for (int64_t plane = 0; plane < planes; ++plane)
      resize_plane(x.data<T>() + plane * old_height * old_width, y.data<T>() + plane * height * width, axes);
  });
  return y.to(images.device());
}

Tensor center_crop(const Tensor& images, int64_t height, int64_t width) {
  constexpr std::string_view kOp = "center_crop";
  check_planes(kOp, images, height, width);
  const int64_t rest_rows = images.size(-2) - height, rest_columns = images.size(-1) - width;
  if (rest_rows < 0 || rest_columns < 0)
    fail(kOp, "{} x {} pixels do not fit into {}; hint: resize first", height, width, images.describe());
  const auto half = [](int64_t rest) { return std::llrint(static_cast<double>(rest) / 2); };
  const int64_t top = half(rest_rows), left = half(rest_columns);
  return images.slice(-2, top, top + height).slice(-1, left, left + width).contiguous();
}

}  // namespace weft::datasets
