// datasets/jpeg_structure.cpp: what a decoder may take for granted about a JPEG file's segments (ITU-T T.81, annex B)
#include <fmt/core.h>

#include <array>

#include "datasets/image_structure.h"

namespace weft::datasets {
namespace {

using Bytes = std::span<const uint8_t>;

enum Marker : uint8_t {
  kBaseline = 0xC0,
  kExtended = 0xC1,
  kProgressive = 0xC2,
  kHuffmanTables = 0xC4,
  kEndOfImage = 0xD9,
  kStartOfScan = 0xDA,
  kQuantisationTables = 0xDB
};

/// Markers that stand alone: restarts, start and end of the image, and TEM.
bool is_bare(uint8_t marker) { return (marker >= 0xD0 && marker <= 0xD9) || marker == 0x01; }

/// The position of the next marker's FF behind entropy-coded data, where FF 00 is a byte and FF D0 to D7 are restarts.
size_t next_marker(Bytes bytes, size_t position) {
  for (; position + 1 < bytes.size(); ++position) {
    if (bytes[position] != 0xFF) continue;
    const uint8_t follows = bytes[position + 1];
    if (follows != 0x00 && follows != 0xFF && (follows < 0xD0 || follows > 0xD7)) return position;
  }
  return bytes.size();
}

/// Which tables have been defined so far. stb_image relies on it that a scan names only those.
class Tables {
 public:
  /// Looks at a segment, without its marker and length. Empty: all is well; else what is wrong.
  std::string take(uint8_t marker, Bytes segment) {
    switch (marker) {
      case kHuffmanTables: return take_huffman(segment);
      case kQuantisationTables: return take_quantisation(segment);
      case kBaseline:
      case kExtended:
      case kProgressive: return take_frame(marker, segment);
      case kStartOfScan: return take_scan(segment);
      default: return {};
    }
  }

 private:
  std::string take_huffman(Bytes segment) {
    constexpr size_t kLengths = 16;
    while (!segment.empty()) {
      const size_t kind = segment[0] >> 4, number = segment[0] & 15;
      if (kind > 1 || number > 3 || segment.size() < 1 + kLengths) return "a Huffman table has no such number";
      size_t codes = 0, free = 1;  // free: codes of the length at hand that are not taken
      for (const uint8_t count : segment.subspan(1, kLengths)) {
        free *= 2;
        if (count > free) return "a Huffman table has more codes than there can be";
        free -= count;
        codes += count;
      }
      // 256 codes are legal; encoders need at most 162, and stb_image takes the last of 256 for none.
      if (codes > 255 || segment.size() < 1 + kLengths + codes) return "a Huffman table is too long";
      huffman_[kind][number] = true;
      segment = segment.subspan(1 + kLengths + codes);
    }
    return {};
  }

  std::string take_quantisation(Bytes segment) {
    while (!segment.empty()) {
      const size_t size = segment[0] >> 4 == 0 ? 65 : 129, number = segment[0] & 15;
      if (number > 3 || segment.size() < size) return "a quantisation table is too short";
      quantisation_[number] = true;
      segment = segment.subspan(size);
    }
    return {};
  }

  std::string take_frame(uint8_t marker, Bytes segment) {
    if (has_frame_) return "it has two frames";
    if (segment.size() < 6 || segment.size() != 6 + 3 * size_t{segment[5]}) return "the frame header is too short";
    has_frame_ = true;
    is_progressive_ = marker == kProgressive;
    for (size_t i = 8; i < segment.size(); i += 3) {
      if (segment[i] > 3) return "the frame names a quantisation table that cannot be";
      named_[segment[i]] = true;
    }
    return {};
  }

  std::string take_scan(Bytes segment) {
    if (!has_frame_) return "a scan comes before the frame";
    // Encoders make about ten. A scan of a few bytes costs a walk over all pixels: a small file could ask for hours.
    constexpr int kMostScans = 100;
    if (++scans_ > kMostScans) return fmt::format("it has more than {} scans", kMostScans);
    if (segment.empty() || segment.size() != 4 + 2 * size_t{segment[0]}) return "a scan header is too short";
    for (size_t i = 0; i < named_.size(); ++i)
      if (named_[i] && !quantisation_[i]) return "a quantisation table is missing";
    const Bytes spectrum = segment.last(3);  // first and last coefficient, successive approximation
    const bool refines = spectrum[2] >> 4 != 0;
    const bool reads_dc = !is_progressive_ || (spectrum[0] == 0 && !refines);
    const bool reads_ac = !is_progressive_ || spectrum[1] > 0;
    for (size_t i = 2; i + 3 < segment.size(); i += 2) {
      const size_t dc = segment[i] >> 4, ac = segment[i] & 15;
      if (dc > 3 || ac > 3 || (reads_dc && !huffman_[0][dc]) || (reads_ac && !huffman_[1][ac]))
        return "a Huffman table is missing";
    }
    return {};
  }

  std::array<std::array<bool, 4>, 2> huffman_{};  ///< [DC, AC][number]
  std::array<bool, 4> quantisation_{}, named_{};
  bool has_frame_ = false, is_progressive_ = false;
  int scans_ = 0;
};

}  // namespace

std::string jpeg_damage(Bytes bytes) {
  Tables tables;
  for (size_t position = 2; position + 1 < bytes.size();) {
    if (bytes[position] != 0xFF) return fmt::format("there is no marker at byte {}", position);
    const uint8_t marker = bytes[position + 1];
    if (marker == 0xFF) {  // fill byte
      ++position;
      continue;
    }
    if (marker == kEndOfImage) return {};
    position += 2;
    if (is_bare(marker)) continue;
    const size_t left = bytes.size() - position;
    const size_t length = left < 2 ? 0 : size_t{bytes[position]} << 8 | bytes[position + 1];
    if (length < 2 || length > left) return fmt::format("truncated in the segment at byte {}", position - 2);
    const std::string why = tables.take(marker, bytes.subspan(position + 2, length - 2));
    if (!why.empty()) return fmt::format("{} (segment at byte {})", why, position - 2);
    position += length;
    if (marker == kStartOfScan) position = next_marker(bytes, position);
  }
  return "truncated: it has no end";
}

}  // namespace weft::datasets
