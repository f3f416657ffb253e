// hyper/demos/harness/png.cpp: drawing into a byte array; stb writes the file format
#include "hyper/demos/harness/png.h"

#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#include <stb/stb_easy_font.h>
#include <stb/stb_image_write.h>

#include <algorithm>
#include <cmath>

#include "hyper/demos/harness/errors.h"

namespace weft::demo {
namespace {

constexpr uint8_t kPaper = 255, kInk = 0;
constexpr int64_t kKernelGap = 2;

void fill_rectangle(Image& image, int64_t x0, int64_t y0, int64_t x1, int64_t y1, uint8_t ink) {
  for (int64_t y = std::max<int64_t>(y0, 0); y < std::min(y1, image.height); ++y) {
    for (int64_t x = std::max<int64_t>(x0, 0); x < std::min(x1, image.width); ++x) {
      std::fill_n(image.at(x, y), image.channels, ink);
    }
  }
}

/// One plane [h, w] of numbers, `low` black and `high` white.
void draw_plane(const float* values, int64_t h, int64_t w, float low, float high, int64_t enlarge, Image& target,
                int64_t x0, int64_t y0) {
  const float scale = high > low ? 255 / (high - low) : 0;
  for (int64_t y = 0; y < h; ++y) {
    for (int64_t x = 0; x < w; ++x) {
      const auto ink = static_cast<uint8_t>(std::lround((values[y * w + x] - low) * scale));
      const int64_t left = x0 + x * enlarge, top = y0 + y * enlarge;
      fill_rectangle(target, left, top, left + enlarge, top + enlarge, ink);
    }
  }
}

}  // namespace

Image::Image(int64_t width, int64_t height, uint8_t background, int64_t channels)
    : width(width),
      height(height),
      channels(channels),
      pixels(static_cast<size_t>(width * height * channels), background) {}

std::string png_of(const Image& image) {
  std::string bytes;
  const auto append = [](void* target, void* data, int size) {
    static_cast<std::string*>(target)->append(static_cast<const char*>(data), static_cast<size_t>(size));
  };
  const int width = static_cast<int>(image.width), channels = static_cast<int>(image.channels);
  if (stbi_write_png_to_func(append, &bytes, width, static_cast<int>(image.height), channels, image.pixels.data(),
                             width * channels) == 0) {
    throw WriteError(fmt::format("png: cannot encode {} x {} pixels", image.width, image.height));
  }
  return bytes;
}

void paste(const Image& source, Image& target, int64_t x0, int64_t y0) {
  for (int64_t y = 0; y < std::min(source.height, target.height - y0); ++y) {
    const int64_t width = std::min(source.width, target.width - x0);
    std::copy_n(source.at(0, y), width * source.channels, target.at(x0, y0 + y));
  }
}

void write_text(Image& target, int64_t x0, int64_t y0, std::string_view text, uint8_t ink, int64_t scale) {
  struct Vertex {
    float x, y, z;
    unsigned char colour[4];
  };
  std::string letters(text);
  std::vector<Vertex> corners(text.size() * 20 + 4);  // stb_easy_font.h: about 270 bytes a letter
  const int quads = stb_easy_font_print(0, 0, letters.data(), nullptr, corners.data(),
                                        static_cast<int>(corners.size() * sizeof(Vertex)));
  for (int q = 0; q < quads; ++q) {
    const Vertex& a = corners[static_cast<size_t>(q) * 4];      // top left
    const Vertex& b = corners[static_cast<size_t>(q) * 4 + 2];  // bottom right
    fill_rectangle(target, x0 + std::lround(a.x) * scale, y0 + std::lround(a.y) * scale, x0 + std::lround(b.x) * scale,
                   y0 + std::lround(b.y) * scale, ink);
  }
}

Image kernel_grid(const Tensor& kernels, int64_t enlarge) {
  const int64_t rows = kernels.size(0), columns = kernels.size(1), h = kernels.size(2), w = kernels.size(3);
  const std::vector<float> values = kernels.to_vector<float>();
  if (!std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); }))
    fail("kernel_grid", "the kernels {} have values that are not finite", kernels.describe());
  const int64_t step_x = w * enlarge + kKernelGap, step_y = h * enlarge + kKernelGap;
  Image image(columns * step_x - kKernelGap, rows * step_y - kKernelGap, kPaper);
  for (int64_t r = 0; r < rows; ++r) {
    for (int64_t c = 0; c < columns; ++c) {
      const float* kernel = values.data() + (r * columns + c) * h * w;
      const auto [low, high] = std::minmax_element(kernel, kernel + h * w);
      draw_plane(kernel, h, w, *low, *high, enlarge, image, c * step_x, r * step_y);
    }
  }
  return image;
}

Image image_grid(const Tensor& images, const std::vector<std::string>& captions, int64_t columns, int64_t enlarge) {
  constexpr int64_t kGap = 6, kCaption = 14;
  const int64_t n = images.size(0), h = images.size(2), w = images.size(3);
  const std::vector<float> values = images.to_vector<float>();
  const int64_t step_x = w * enlarge + kGap, step_y = h * enlarge + kCaption + kGap;
  const int64_t rows = std::max<int64_t>((n + columns - 1) / columns, 1);
  Image grid(columns * step_x + kGap, rows * step_y + kGap, kPaper);
  for (int64_t i = 0; i < n; ++i) {
    const int64_t x = kGap + i % columns * step_x, y = kGap + i / columns * step_y;
    draw_plane(values.data() + i * h * w, h, w, 0, 255, enlarge, grid, x, y);
    write_text(grid, x, y + h * enlarge + 3, captions[static_cast<size_t>(i)], kInk);
  }
  return grid;
}

Image side_by_side(const Image& left, std::string_view left_title, const Image& right, std::string_view right_title) {
  constexpr int64_t kMargin = 16, kTitle = 30, kTitleScale = 2;
  Image both(left.width + right.width + 3 * kMargin, std::max(left.height, right.height) + kTitle + 2 * kMargin, kPaper,
             left.channels);
  const int64_t middle = left.width + 2 * kMargin;
  write_text(both, kMargin, kMargin, left_title, kInk, kTitleScale);
  write_text(both, middle, kMargin, right_title, kInk, kTitleScale);
  paste(left, both, kMargin, kMargin + kTitle);
  paste(right, both, middle, kMargin + kTitle);
  return both;
}

}  // namespace weft::demo
