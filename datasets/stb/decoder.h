// datasets/stb/decoder.h: the two functions of stb_image that Weft uses
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace weft::datasets {

struct PixelSize {
  int64_t height, width;
  bool operator==(const PixelSize&) const = default;
};

struct FreePixels {
  void operator()(uint8_t* pixels) const;
};

struct DecodedPixels {
  std::unique_ptr<uint8_t[], FreePixels> pixels;  ///< [height, width, channels]
  PixelSize size;
};

/// The size a PNG or JPEG header tells; none: `why` says what is wrong.
std::optional<PixelSize> read_image_header(std::span<const uint8_t> bytes, std::string& why);
std::optional<DecodedPixels> decode_pixels(std::span<const uint8_t> bytes, int64_t channels, std::string& why);

}  // namespace weft::datasets
