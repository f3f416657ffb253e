// datasets/fetch/sha256.h: the sum a download is recognised by
//
// Own code, because the sum is sixty lines and the packaged libraries that have it are whole cryptography suites.
#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace weft::fetch {

/// SHA-256 (FIPS 180-4), fed piece by piece.
class Sha256 {
 public:
  void update(std::span<const uint8_t> bytes);
  /// 64 hexadecimal digits. Ends the sum: nothing may follow.
  std::string hex();

 private:
  void compress(const uint8_t* block);

  std::array<uint32_t, 8> state_{0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A,
                                 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19};
  std::array<uint8_t, 64> block_{};
  uint64_t length_ = 0;  ///< bytes so far
};

/// Of a whole file.  Throws FileError: it cannot be read.
std::string sha256_of(const std::filesystem::path& path);

}  // namespace weft::fetch
