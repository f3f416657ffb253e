// datasets/png_structure.cpp: lengths are compared with what is left before anything is skipped
#include "datasets/image_structure.h"

#include <fmt/core.h>
#include <zlib.h>

#include <string_view>

namespace weft::datasets {
namespace {

uint32_t big_endian(std::span<const uint8_t> bytes, size_t count) {
  uint32_t value = 0;
  for (size_t i = 0; i < count; ++i) value = value << 8 | bytes[i];
  return value;
}

}  // namespace

std::string png_damage(std::span<const uint8_t> bytes) {
  constexpr size_t kSignature = 8, kFrame = 12;  // a chunk: length, type, data, CRC
  for (size_t position = kSignature; bytes.size() - position >= kFrame;) {
    const size_t length = big_endian(bytes.subspan(position), 4);
    if (length > bytes.size() - position - kFrame) return fmt::format("truncated in the chunk at byte {}", position);
    const std::span<const uint8_t> named = bytes.subspan(position + 4, length + 4);  // type and data
    const uint32_t stored = big_endian(bytes.subspan(position + 8 + length), 4);
    if (crc32_z(0, named.data(), named.size()) != stored)
      return fmt::format("the checksum of the chunk at byte {} does not fit", position);
    if (std::string_view(reinterpret_cast<const char*>(named.data()), 4) == "IEND") return {};
    position += kFrame + length;
  }
  return "truncated: it has no end";
}

}  // namespace weft::datasets
