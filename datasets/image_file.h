// datasets/image_file.h: PNG and JPEG files as tensors
//
// Decoding is stb_image's work, fenced in because its other decoders and its handling of sizes have had flaws: only the
// PNG and JPEG decoders are compiled, they read from memory, the header is looked at before pixels are decoded, and
// files and pixels have limits. Those who do not trust the maker of an image decode it in a sandbox.
#pragma once
#include <filesystem>
#include <span>

#include "tensor/tensor.h"

namespace weft::datasets {

inline constexpr int64_t kLargestImageFile = int64_t{64} << 20;  ///< bytes
inline constexpr int64_t kLargestImageSide = 8192;               ///< pixels
inline constexpr int64_t kLargestImagePixels = int64_t{1} << 26;

/// Where stb_image runs. Its pixels and its complaints are the same.
enum class DecodeImages : uint8_t {
  in_process,
  in_sandbox  ///< in a child process for each image, which can only compute and answer: for images of strangers; costs
              ///< 2 ms an image, and 1.5 ms for each GB that the program holds
};

/// uint8 [channels, h, w]; channels 3 (red, green, blue) or 1 (grey). A grey image gets three equal channels, a colour
/// one is turned grey when 1 is asked for; opacity is dropped, 16-bit samples keep their upper 8.  `name` stands for
/// the file in errors.
/// Throws FileError: neither PNG nor JPEG (names the format it knows it for), damaged, truncated, beyond the limits; in
/// a sandbox also one that makes the decoder crash, or compute for more than a minute, or take more than 3 GiB.
/// Error: channels not 1 or 3; a system without sandboxes (see sandbox.h).
Tensor decode_image(std::span<const uint8_t> bytes, const std::string& name, int64_t channels = 3,
                    DecodeImages where = DecodeImages::in_process);
Tensor load_image(const std::filesystem::path& path, int64_t channels = 3,
                  DecodeImages where = DecodeImages::in_process);

}  // namespace weft::datasets
