// datasets/stb/decoder.cpp: stb_image, compiled here alone: PNG and JPEG from memory, array bounds checked at run time
#include "datasets/stb/decoder.h"

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC  // a program with a copy of its own can link with ours
#define STBI_ONLY_PNG
#define STBI_ONLY_JPEG
#define STBI_NO_STDIO
#define STBI_NO_LINEAR
#define STBI_NO_HDR
#define STBI_ASSERT(condition) ((condition) ? (void)0 : __builtin_trap())
#include <stb/stb_image.h>

namespace weft::datasets {

void FreePixels::operator()(uint8_t* pixels) const { stbi_image_free(pixels); }

std::optional<PixelSize> read_image_header(std::span<const uint8_t> bytes, std::string& why) {
  int width = 0, height = 0, stored = 0;
  if (stbi_info_from_memory(bytes.data(), static_cast<int>(bytes.size()), &width, &height, &stored) != 0)
    return PixelSize{height, width};
  why = stbi_failure_reason();
  return {};
}

std::optional<DecodedPixels> decode_pixels(std::span<const uint8_t> bytes, int64_t channels, std::string& why) {
  int width = 0, height = 0, stored = 0;
  stbi_uc* pixels = stbi_load_from_memory(bytes.data(), static_cast<int>(bytes.size()), &width, &height, &stored,
                                          static_cast<int>(channels));
  if (pixels != nullptr) return DecodedPixels{std::unique_ptr<uint8_t[], FreePixels>(pixels), {height, width}};
  why = stbi_failure_reason();
  return {};
}

}  // namespace weft::datasets
