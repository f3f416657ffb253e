// datasets/rotation.cpp: every pixel of the result looks up where it came from
#include "datasets/rotation.h"

#include <cmath>
#include <numbers>

#include "datasets/check_images.h"
#include "tensor/create.h"

namespace weft::datasets {
namespace {

/// One channel; outside of it everything is 0.
template <class T>
struct Plane {
  const T* pixels;
  int64_t height, width;

  double at(int64_t i, int64_t j) const {
    return i >= 0 && i < height && j >= 0 && j < width ? static_cast<double>(pixels[i * width + j]) : 0.0;
  }
  /// Ties go to even, as torch.nn.functional.grid_sample has it.
  double nearest(double i, double j) const { return at(std::llrint(i), std::llrint(j)); }
  double bilinear(double i, double j) const {
    const double top = std::floor(i), left = std::floor(j), down = i - top, right = j - left;
    const int64_t y = static_cast<int64_t>(top), x = static_cast<int64_t>(left);
    return (1 - down) * ((1 - right) * at(y, x) + right * at(y, x + 1)) +
           down * ((1 - right) * at(y + 1, x) + right * at(y + 1, x + 1));
  }
};

template <class T>
void rotate_plane(const Plane<T>& x, T* y, double radians, InterpolationMode interpolation) {
  const double sine = std::sin(radians), cosine = std::cos(radians);
  const double middle_i = static_cast<double>(x.height - 1) / 2, middle_j = static_cast<double>(x.width - 1) / 2;
  for (int64_t i = 0; i < x.height; ++i)
    for (int64_t j = 0; j < x.width; ++j) {
      const double down = static_cast<double>(i) - middle_i, right = static_cast<double>(j) - middle_j;
      const double from_i = middle_i + right * sine + down * cosine, from_j = middle_j + right * cosine - down * sine;
      const bool smooth = interpolation == InterpolationMode::bilinear;
      y[i * x.width + j] = static_cast<T>(smooth ? x.bilinear(from_i, from_j) : x.nearest(from_i, from_j));
    }
}

template <class T>
void rotate_all(const Tensor& x, const Tensor& y, const std::vector<double>& degrees, InterpolationMode interpolation) {
  const int64_t channels = x.size(1), height = x.size(2), width = x.size(3);
  for (int64_t plane = 0; plane < x.size(0) * channels; ++plane) {
    const int64_t first = plane * height * width;
    const double radians = degrees[static_cast<size_t>(plane / channels)] * std::numbers::pi / 180;
    rotate_plane<T>({x.data<T>() + first, height, width}, y.data<T>() + first, radians, interpolation);
  }
}

}  // namespace

Tensor rotate(const Tensor& images, const std::vector<double>& degrees, InterpolationMode interpolation) {
  constexpr std::string_view kOp = "rotate";
  check_floating_images(kOp, images);
  if (static_cast<int64_t>(degrees.size()) != images.size(0))
    fail(kOp, "{} angles for {}", degrees.size(), images.describe());
  for (const double angle : degrees)
    if (!std::isfinite(angle)) fail(kOp, "angle {} is not finite", angle);
  const Tensor x = images.to(cpu).contiguous();
  const Tensor y = empty_like(x);
  if (x.dtype() == DType::float32) rotate_all<float>(x, y, degrees, interpolation);
  else rotate_all<double>(x, y, degrees, interpolation);
  return y.to(images.device());
}

Tensor random_rotation(const Tensor& images, double degrees, RandomStream& augment, InterpolationMode interpolation) {
  check_floating_images("random_rotation", images);
  if (!(degrees >= 0 && std::isfinite(degrees))) fail("random_rotation", "degrees {} is not 0 or more", degrees);
  std::vector<double> angles(static_cast<size_t>(images.size(0)));
  for (double& angle : angles) angle = degrees * (2 * augment.uniform() - 1);
  return rotate(images, angles, interpolation);
}

}  // namespace weft::datasets
