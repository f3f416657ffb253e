// datasets/image_file.h: PNG and JPEG files as tensors
//
// Decoding is stb_image's work, fenced in because its other decoders and its handling of sizes have had flaws: only the
// PNG and JPEG decoders are compiled, they read from memory, the header is looked at before pixels are decoded, and
// files and pixels have limits.
#pragma once
#include <filesystem>
#include <span>

#include "tensor/tensor.h"

namespace weft::datasets {

inline constexpr int64_t kLargestImageFile = int64_t{64} << 20;  ///< bytes
inline constexpr int64_t kLargestImageSide = 8192;               ///< pixels
inline constexpr int64_t kLargestImagePixels = int64_t{1} << 26;

/// uint8 [channels, h, w]; channels 3 (red, green, blue) or 1 (grey). A grey image gets three equal channels, a colour
/// one is turned grey when 1 is asked for; opacity is dropped, 16-bit samples keep their upper 8.  `name` stands for
/// the file in errors.
/// Throws FileError: neither PNG nor JPEG (names the format it knows it for), damaged, truncated, beyond the limits;
/// Error: channels not 1 or 3.
Tensor decode_image(std::span<const uint8_t> bytes, const std::string& name, int64_t channels = 3);
Tensor load_image(const std::filesystem::path& path, int64_t channels = 3);

}  // namespace weft::datasets
