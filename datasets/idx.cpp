// datasets/idx.cpp: every size of the header is compared with the bytes that are there before memory is taken
#include "datasets/idx.h"

#include <array>
#include <bit>
#include <cstring>

#include "datasets/file_error.h"
#include "datasets/input_file.h"
#include "tensor/create.h"

namespace weft::datasets {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kLoadIdx = "load_idx";
constexpr int64_t kLargestRank = 4;
struct Header {
  DType dtype = DType::uint8;
  Shape shape;
  int64_t header_bytes = 0, total_bytes = 0;
};

DType parse_type(const fs::path& path, uint8_t code) {
  switch (code) {
    case 0x08: return DType::uint8;
    case 0x0C: return DType::int32;
    case 0x0D: return DType::float32;
    case 0x0E: return DType::float64;
  }
  const std::string_view known = code == 0x09 ? " (int8)" : code == 0x0B ? " (int16)" : "";
  fail_file(kLoadIdx, path, "type {:02X}{} is not one of 08 (uint8), 0C (int32), 0D (float32), 0E (float64)", code,
            known);
}

Header read_header(InputFile& file) {
  std::array<uint8_t, 4 + 4 * kLargestRank> bytes;
  file.read_all(std::span(bytes).first(4), 4);
  if (bytes[0] != 0 || bytes[1] != 0)
    fail_file(kLoadIdx, file.path(), "is no IDX file: begins with {:02X} {:02X} instead of 00 00", bytes[0], bytes[1]);
  Header header;
  header.dtype = parse_type(file.path(), bytes[2]);
  const int64_t rank = bytes[3];
  if (rank < 1 || rank > kLargestRank) fail_file(kLoadIdx, file.path(), "rank {} is not 1 to {}", rank, kLargestRank);
  header.header_bytes = 4 + 4 * rank;
  file.read_all(std::span(bytes).subspan(4, 4 * rank), header.header_bytes);
  int64_t total = size_of(header.dtype);
  for (int64_t axis = 0; axis < rank; ++axis) {
    const uint8_t* b = &bytes[4 + 4 * axis];
    header.shape.push_back(int64_t{b[0]} << 24 | int64_t{b[1]} << 16 | int64_t{b[2]} << 8 | int64_t{b[3]});
  }
  for (const int64_t size : header.shape)
    if (__builtin_mul_overflow(total, size, &total))
      fail_file(kLoadIdx, file.path(), "shape {} has more bytes than can be counted", to_string(header.shape));
  if (__builtin_add_overflow(total, header.header_bytes, &header.total_bytes))
    fail_file(kLoadIdx, file.path(), "shape {} has more bytes than can be counted", to_string(header.shape));
  return header;
}

/// Refuses, before memory is taken for them, sizes that the file cannot hold.
void check_length(const InputFile& file, const Header& header) {
  const int64_t expected = header.total_bytes;
  if (!file.is_compressed()) {
    if (file.file_size() < expected)
      fail_file(kLoadIdx, file.path(), "holds {} of {} bytes: truncated; hint: fetch it again", file.file_size(),
                expected);
    if (file.file_size() > expected)
      fail_file(kLoadIdx, file.path(), "holds {} bytes, its header says {}: trailing bytes", file.file_size(),
                expected);
    return;
  }
  if (expected / kLargestDeflateRatio > file.file_size())
    fail_file(kLoadIdx, file.path(),
              "shape {} needs {} bytes, more than {} compressed bytes can hold: truncated or damaged",
              to_string(header.shape), expected, file.file_size());
  if (expected > kInflateBudgetAtLeast && expected / kInflateBudgetRatio > file.file_size())
    fail_file(kLoadIdx, file.path(),
              "would inflate from {} to {} bytes, more than {} times; hint: if you trust it, unpack it with gunzip",
              file.file_size(), expected, kInflateBudgetRatio);
}

template <class Word>
void swap_words(uint8_t* bytes, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    Word word;
    std::memcpy(&word, bytes + i * sizeof(Word), sizeof(Word));
    if constexpr (sizeof(Word) == 4) word = __builtin_bswap32(word);
    else word = __builtin_bswap64(word);
    std::memcpy(bytes + i * sizeof(Word), &word, sizeof(Word));
  }
}

}  // namespace

Tensor load_idx(const fs::path& path) {
  InputFile file(kLoadIdx, path);
  const Header header = read_header(file);
  check_length(file, header);
  Tensor y = empty(header.shape, {.dtype = header.dtype, .device = cpu});
  uint8_t* bytes = reinterpret_cast<uint8_t*>(y.raw_data());
  file.read_all({bytes, static_cast<size_t>(header.total_bytes - header.header_bytes)}, header.total_bytes);
  file.check_end(header.total_bytes);
  if constexpr (std::endian::native == std::endian::little) {
    if (size_of(header.dtype) == 4) swap_words<uint32_t>(bytes, y.numel());
    if (size_of(header.dtype) == 8) swap_words<uint64_t>(bytes, y.numel());
  }
  return y;
}

}  // namespace weft::datasets
