// hyper/demos/harness/png.h: pictures of kernels and images
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tensor/tensor.h"

namespace weft::demo {

/// 8-bit grey (1 channel) or RGB (3 channels), row-major.
struct Image {
  Image(int64_t width, int64_t height, uint8_t background, int64_t channels = 1);
  uint8_t* at(int64_t x, int64_t y) { return &pixels[static_cast<size_t>((y * width + x) * channels)]; }
  const uint8_t* at(int64_t x, int64_t y) const { return &pixels[static_cast<size_t>((y * width + x) * channels)]; }

  int64_t width, height, channels;
  std::vector<uint8_t> pixels;
};

/// The bytes of a PNG file.
std::string png_of(const Image& image);

/// Copies `source` onto `target` at (x, y); what does not fit is cut off. Same channels.
void paste(const Image& source, Image& target, int64_t x, int64_t y);

/// Small letters (6 x 10 pixels times `scale`) in the grey value `ink`.
void write_text(Image& target, int64_t x, int64_t y, std::string_view text, uint8_t ink, int64_t scale = 1);

/// Kernels [out, in, h, w] as a grid of `out` rows and `in` columns, each stretched to black..white on its own and
/// enlarged, with thin gaps between.  Throws: a value that is not finite.
Image kernel_grid(const Tensor& kernels, int64_t enlarge);

/// Grey images uint8 [n, 1, h, w], row by row, with a line under each for the caption of the same place.
Image image_grid(const Tensor& images, const std::vector<std::string>& captions, int64_t columns, int64_t enlarge);

/// Two pictures side by side under their titles.
Image side_by_side(const Image& left, std::string_view left_title, const Image& right, std::string_view right_title);

}  // namespace weft::demo
