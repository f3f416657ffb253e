// datasets/stb/decoder.h: what Weft uses of stb_image
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace weft::datasets {

struct PixelSize {
  int64_t height, width;
  bool operator==(const PixelSize&) const = default;
};

struct FreePixels {
  void operator()(uint8_t* pixels) const;
};

struct DecodedPixels {
  PixelSize size = {};                                 ///< as the header tells; 0 x 0 when it cannot be read
  std::unique_ptr<uint8_t[], FreePixels> pixels = {};  ///< [height, width, channels]
  const char* why = "";                                ///< there are no pixels; of static storage
};

/// Whether a header's size is one that images may have (image_file.h).
bool is_within_limits(PixelSize size);

/// Reads the header, then, unless it tells of more pixels than are allowed, decodes. Allocates by malloc alone.
DecodedPixels decode_pixels(std::span<const uint8_t> bytes, int64_t channels);

/// While one stands, decoding on this thread takes its memory from `memory`, and none from the system.
class DecoderMemory {
 public:
  explicit DecoderMemory(std::span<std::byte> memory);
  ~DecoderMemory();
  DecoderMemory(const DecoderMemory&) = delete;
  DecoderMemory& operator=(const DecoderMemory&) = delete;
};

}  // namespace weft::datasets
