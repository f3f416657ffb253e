// datasets/image_file.cpp: everything is checked before stb_image sees it, and its answer after
#include "datasets/image_file.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "datasets/file_error.h"
#include "datasets/image_structure.h"
#include "datasets/input_file.h"
#include "datasets/sandbox.h"
#include "datasets/stb/decoder.h"
#include "tensor/create.h"
#include "tensor/file.h"

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

/// The most memory, 2.1 GiB, is taken by an interlaced PNG of 16-bit samples that is as large as images may be.
constexpr SandboxLimits kDecoderLimits{
    .memory_bytes = int64_t{3} << 30, .cpu_seconds = 60, .answer_bytes = sizeof(PixelSize) + 3 * kLargestImagePixels};

/// uint8 [channels, h, w] of [h, w, channels]; without pixels an error that says why there are none.
Tensor image_of(PixelSize size, const uint8_t* pixels, int64_t channels, std::string_view why,
                const std::string& name) {
  if (size == PixelSize{}) fail_file(kLoadImage, name, "has no readable header: damaged ({})", why);
  if (!is_within_limits(size))
    fail_file(kLoadImage, name, "says it has {} x {} pixels, beyond {} a side or {} in all", size.height, size.width,
              kLargestImageSide, kLargestImagePixels);
  if (pixels == nullptr) fail_file(kLoadImage, name, "cannot be decoded: damaged ({})", why);
  const Tensor y = empty({channels, size.height, size.width}, {.dtype = DType::uint8, .device = cpu});
  const int64_t plane = size.height * size.width;
  for (int64_t c = 0; c < channels; ++c)
    for (int64_t i = 0; i < plane; ++i) y.data<uint8_t>()[c * plane + i] = pixels[i * channels + c];
  return y;
}

Tensor decode_here(std::span<const uint8_t> bytes, const std::string& name, int64_t channels) {
  const DecodedPixels decoded = decode_pixels(bytes, channels);
  return image_of(decoded.size, decoded.pixels.get(), channels, decoded.why, name);
}

/// The child answers with the size, then with the pixels or with why there are none. None of it is taken for granted.
Tensor decode_in_sandbox(std::span<const uint8_t> bytes, const std::string& name, int64_t channels) {
  const auto work = [&](std::span<std::byte> memory, const Answer& answer) {
    const DecoderMemory own(memory);
    const DecodedPixels decoded = decode_pixels(bytes, channels);
    answer(&decoded.size, sizeof(PixelSize));
    if (decoded.pixels == nullptr) answer(decoded.why, std::strlen(decoded.why));
    else answer(decoded.pixels.get(), static_cast<size_t>(decoded.size.height * decoded.size.width * channels));
  };
  std::string why;
  const std::optional<std::vector<uint8_t>> answer = run_in_sandbox(kDecoderLimits, work, why);
  if (!answer) fail_file(kLoadImage, name, "cannot be decoded in a sandbox: {}", why);
  PixelSize size{};
  if (answer->size() >= sizeof(size)) std::memcpy(&size, answer->data(), sizeof(size));
  const auto rest = std::span(*answer).subspan(std::min(answer->size(), sizeof(size)));
  const bool fits = is_within_limits(size) && std::ssize(rest) == size.height * size.width * channels;
  return image_of(size, fits ? rest.data() : nullptr, channels,
                  fits ? "" : shown({reinterpret_cast<const char*>(rest.data()), rest.size()}), name);
}

}  // namespace

Tensor decode_image(std::span<const uint8_t> bytes, const std::string& name, int64_t channels, DecodeImages where) {
  if (channels != 1 && channels != 3) fail(kLoadImage, "channels {} is not 1 or 3", channels);
  const int64_t size = static_cast<int64_t>(bytes.size());
  if (size > kLargestImageFile) fail_file(kLoadImage, name, "holds {} bytes, more than {}", size, kLargestImageFile);
  const std::string_view format = format_of({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, name);
  const std::string why = format == "PNG" ? png_damage(bytes) : jpeg_damage(bytes);
  if (!why.empty()) fail_file(kLoadImage, name, "is damaged: {}; hint: fetch it again", why);
  return where == DecodeImages::in_process ? decode_here(bytes, name, channels)
                                           : decode_in_sandbox(bytes, name, channels);
}

Tensor load_image(const std::filesystem::path& path, int64_t channels, DecodeImages where) {
  InputFile file(kLoadImage, path);
  if (file.file_size() > kLargestImageFile)
    fail_file(kLoadImage, path, "holds {} bytes, more than {}", file.file_size(), kLargestImageFile);
  if (file.is_compressed()) fail_file(kLoadImage, path, "is gzip; hint: only PNG and JPEG are read, unpack it");
  std::vector<uint8_t> bytes(static_cast<size_t>(file.file_size()));
  file.read_all(bytes, file.file_size());
  return decode_image(bytes, path.string(), channels, where);
}

}  // namespace weft::datasets
