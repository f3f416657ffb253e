// tests/fuzz/image.cpp: PNG and JPEG
#include <zlib.h>

#include "datasets/image_file.h"
#include "tests/fuzz/target.h"

namespace weft::fuzz {
namespace {

/// A checksum keeps accidents away, not attackers: those of a PNG's chunks are made right, so that mutations get past.
void mend_checksums(Bytes& bytes) {
  constexpr size_t kSignature = 8, kFrame = 12;  // length, type, ..., checksum
  for (size_t at = kSignature; bytes.size() >= at + kFrame;) {
    const size_t length =
        size_t{bytes[at]} << 24 | size_t{bytes[at + 1]} << 16 | size_t{bytes[at + 2]} << 8 | bytes[at + 3];
    if (length > bytes.size() - at - kFrame) return;
    const auto sum = static_cast<uint32_t>(crc32_z(0, &bytes[at + 4], length + 4));
    for (size_t i = 0; i < 4; ++i) bytes[at + 8 + length + i] = static_cast<uint8_t>(sum >> 8 * (3 - i));
    at += kFrame + length;
  }
}

}  // namespace

std::vector<Bytes> seeds() {
  std::vector<Bytes> files = fixtures_ending("images", ".png");
  for (const Bytes& bytes : fixtures_ending("images", ".jpg")) files.push_back(bytes);
  return files;
}

}  // namespace weft::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace weft;
  fuzz::Bytes bytes(data, data + size);
  if (size > 0 && bytes[0] == 0x89) fuzz::mend_checksums(bytes);
  const int64_t channels = size % 2 == 0 ? 1 : 3;
  return fuzz::reads_or_refuses([&] {
    try {
      const Tensor image = datasets::decode_image(bytes, "it", channels);
      fuzz::must(image.rank() == 3 && image.size(0) == channels, "an image has the channels that were asked for");
      fuzz::bytes_read(image);
    } catch (const OutOfMemory&) {  // the largest image that is allowed takes more than a fuzzer is given
    }
  });
}
