// datasets/input_file.h: a file read front to back, inflated on the way when it is gzip
#pragma once
#include <filesystem>
#include <fstream>
#include <optional>
#include <span>
#include <string>

#include "datasets/gunzip.h"

namespace weft::datasets {

/// A compressed file may hold this many times its own length, and this much in any case; images and text rarely shrink
/// below a fifth. More is taken for a bomb.
inline constexpr int64_t kInflateBudgetRatio = 8;
inline constexpr int64_t kInflateBudgetAtLeast = int64_t{64} << 20;

/// The file's bytes in order. `op` opens every complaint, all of them FileError.
class InputFile {
 public:
  /// Throws: missing, not a plain file, empty, no permission.
  InputFile(std::string_view op, const std::filesystem::path& path);

  const std::filesystem::path& path() const { return path_; }
  bool is_compressed() const { return gunzip_.has_value(); }
  /// Bytes on the disk.
  int64_t file_size() const { return size_; }

  /// Fills `output` and returns its size, or less at the end.  Throws: damaged gzip.
  int64_t read(std::span<uint8_t> output);
  /// Fills all of `output`.  Throws: truncated; says how many bytes there are of the `expected`.
  void read_all(std::span<uint8_t> output, int64_t expected);
  /// Nothing may follow; for gzip this also reads the checksum.  Throws: more than the `expected` bytes, no end.
  void check_end(int64_t expected);
  /// Throws unless a gzip stream ended whole, with nothing after it.
  void check_gzip_end();

 private:
  std::string op_;
  std::filesystem::path path_;
  int64_t size_ = 0, position_ = 0;
  std::ifstream stream_;
  std::optional<Gunzip> gunzip_;
};

/// All bytes of a file, plain or gzip.  Throws FileError: as InputFile, or it inflates beyond the budget above.
std::string read_file(std::string_view op, const std::filesystem::path& path);

}  // namespace weft::datasets
