// datasets/image_structure.h: whether an image file is whole and well formed; the decoder itself does not tell
#pragma once
#include <cstdint>
#include <span>
#include <string>

namespace weft::datasets {

/// Walks the chunks of a PNG file up to IEND and checks their CRC-32 (PNG specification, 5.3). Empty: all is well; else
/// what is wrong.
std::string png_damage(std::span<const uint8_t> bytes);

/// Walks the segments of a JPEG file up to its end (EOI) and checks that each scan's tables are there and well formed:
/// Debian's stb_image (2.27) would read memory that is not theirs. Empty: all is well; else what is wrong.
std::string jpeg_damage(std::span<const uint8_t> bytes);

}  // namespace weft::datasets
