// datasets/image_file.cpp: everything is checked before stb_image sees it, and its answer after
#include "datasets/image_file.h"

#include <array>
#include <optional>

#include "datasets/file_error.h"
#include "datasets/image_structure.h"
#include "datasets/input_file.h"
#include "datasets/stb/decoder.h"
#include "tensor/create.h"

namespace weft::datasets {
namespace {

constexpr std::string_view kLoadImage = "load_image";

struct Signature {
  std::string_view begins, format;
  bool accepted;
};

constexpr std::array<Signature, 11> kSignatures{{{"\x89PNG\r\n\x1A\n", "PNG", true},
                                                 {"\xFF\xD8\xFF", "JPEG", true},
                                                 {"GIF8", "GIF", false},
                                                 {"BM", "BMP", false},
                                                 {"RIFF", "WebP", false},
                                                 {"II*", "TIFF", false},
                                                 {"MM", "TIFF", false},
                                                 {"P5", "PGM", false},
                                                 {"P6", "PPM", false},
                                                 {"#?RADIANCE", "HDR", false},
                                                 {"8BPS", "PSD", false}}};

/// "PNG" or "JPEG".
std::string_view format_of(std::string_view bytes, const std::string& name) {
  for (const Signature& known : kSignatures) {
    if (!bytes.starts_with(known.begins)) continue;
    if (known.accepted) return known.format;
    fail_file(kLoadImage, name, "is {}; hint: only PNG and JPEG are read, convert it", known.format);
  }
  fail_file(kLoadImage, name, "is neither PNG nor JPEG");
}

}  // namespace

Tensor decode_image(std::span<const uint8_t> bytes, const std::string& name, int64_t channels) {
  if (channels != 1 && channels != 3) fail(kLoadImage, "channels {} is not 1 or 3", channels);
  const int64_t size = static_cast<int64_t>(bytes.size());
  if (size > kLargestImageFile) fail_file(kLoadImage, name, "holds {} bytes, more than {}", size, kLargestImageFile);
  const std::string_view format = format_of({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, name);

  std::string why = format == "PNG" ? png_damage(bytes) : jpeg_damage(bytes);
  if (!why.empty()) fail_file(kLoadImage, name, "is damaged: {}; hint: fetch it again", why);
  const std::optional<PixelSize> promised = read_image_header(bytes, why);
  if (!promised) fail_file(kLoadImage, name, "has no readable header: damaged ({})", why);
  const auto [height, width] = *promised;
  if (width < 1 || height < 1 || width > kLargestImageSide || height > kLargestImageSide ||
      height * width > kLargestImagePixels)
    fail_file(kLoadImage, name, "says it has {} x {} pixels, beyond {} a side or {} in all", height, width,
              kLargestImageSide, kLargestImagePixels);
  const std::optional<DecodedPixels> decoded = decode_pixels(bytes, channels, why);
  if (!decoded) fail_file(kLoadImage, name, "cannot be decoded: damaged ({})", why);
  if (decoded->size != *promised) fail_file(kLoadImage, name, "has two sizes: damaged");

  const Tensor y = empty({channels, height, width}, {.dtype = DType::uint8, .device = cpu});
  const int64_t plane = height * width;
  for (int64_t c = 0; c < channels; ++c)
    for (int64_t i = 0; i < plane; ++i) y.data<uint8_t>()[c * plane + i] = decoded->pixels[i * channels + c];
  return y;
}

Tensor load_image(const std::filesystem::path& path, int64_t channels) {
  InputFile file(kLoadImage, path);
  if (file.file_size() > kLargestImageFile)
    fail_file(kLoadImage, path, "holds {} bytes, more than {}", file.file_size(), kLargestImageFile);
  if (file.is_compressed()) fail_file(kLoadImage, path, "is gzip; hint: only PNG and JPEG are read, unpack it");
  std::vector<uint8_t> bytes(static_cast<size_t>(file.file_size()));
  file.read_all(bytes, file.file_size());
  return decode_image(bytes, path.string(), channels);
}

}  // namespace weft::datasets
