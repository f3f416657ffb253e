// tests/demos/tiny_mnist.h: four IDX files small enough to train on in a test
#pragma once
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace weft::demo_test {

/// A new folder that vanishes with this object.
struct TempFolder {
  TempFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "weft-demo-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::filesystem::filesystem_error("mkdtemp", name, std::error_code());
    path = name;
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  std::filesystem::path path;
};

/// IDX: 0, 0, type 8 (uint8), rank, big-endian sizes, bytes.
inline void write_idx(const std::filesystem::path& path, const std::vector<uint32_t>& sizes, const std::string& bytes) {
  std::string file{'\0', '\0', '\x08', static_cast<char>(sizes.size())};
  for (uint32_t size : sizes) {
    for (int shift = 24; shift >= 0; shift -= 8) file += static_cast<char>(size >> shift & 0xff);
  }
  std::ofstream(path, std::ios::binary) << file << bytes;
}

/// Image i, of size x size pixels (24 or more), shows a bar whose row tells its class, i % 10.
inline void write_split(const std::filesystem::path& folder, const std::string& prefix, uint32_t n,
                        uint32_t size = 28) {
  std::string pixels(n * size * size, '\0'), labels;
  for (uint32_t i = 0; i < n; ++i) {
    const uint32_t label = i % 10;
    labels += static_cast<char>(label);
    for (uint32_t x = 4; x < 24; ++x) pixels[(i * size + 4 + 2 * label) * size + x] = static_cast<char>(200 + i % 50);
  }
  write_idx(folder / (prefix + "-images-idx3-ubyte"), {n, size, size}, pixels);
  write_idx(folder / (prefix + "-labels-idx1-ubyte"), {n}, labels);
}

/// 60 images to train and validate, 20 to test.
inline void write_tiny_mnist(const std::filesystem::path& folder) {
  write_split(folder, "train", 60);
  write_split(folder, "t10k", 20);
}

}  // namespace weft::demo_test
