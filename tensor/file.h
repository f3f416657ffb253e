// tensor/file.h: files that are read with suspicion, and written whole or not at all
#pragma once
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <system_error>
#include <utility>

#include "tensor/error.h"

namespace weft {

/// An open file that closes itself.
class OpenFile {
 public:
  OpenFile() = default;  ///< of nothing
  explicit OpenFile(int descriptor) : descriptor_(descriptor) {}
  ~OpenFile() { close(); }
  OpenFile(OpenFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  OpenFile& operator=(OpenFile&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }

  bool is_open() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }
  /// False when the system reports a late write error.
  bool close() { return !is_open() || ::close(std::exchange(descriptor_, -1)) == 0; }

 private:
  int descriptor_ = -1;
};

/// What the last system call says went wrong: "No such file or directory".
inline std::string system_error_text() { return std::generic_category().message(errno); }

/// `text` as it may stand in an error: the first 64 bytes, control characters as '?'.
std::string shown(std::string_view text);

template <class... Args>
[[noreturn]] void refuse_load(std::string_view file, fmt::format_string<Args...> message, Args&&... args) {
  throw FileError(
      fmt::format("load: '{}': {}; nothing was loaded", file, fmt::format(message, std::forward<Args>(args)...)));
}

template <class... Args>
[[noreturn]] void refuse_save(std::string_view file, fmt::format_string<Args...> message, Args&&... args) {
  throw FileError(fmt::format("save: '{}': {}", file, fmt::format(message, std::forward<Args>(args)...)));
}

/// Bytes that may lie in a file, in memory or in a file within a file.
struct Source {
  std::string name;  ///< for errors
  int64_t bytes;
  std::function<void(int64_t offset, std::byte* to, int64_t bytes)> read;
};

/// A plain file, open for reading.  Throws FileError: missing, or a folder, pipe or device.
struct PlainFile {
  explicit PlainFile(const std::filesystem::path& path);
  std::string name;
  OpenFile file;
  int64_t bytes = 0;
};

/// Both refer to what they are given, which must outlive them.
Source source_of(const PlainFile& file);
Source source_of(std::span<const std::byte> bytes, std::string_view name);

/// What is read or written at a time, so that no buffer is sized by a file.
inline constexpr int64_t kFileChunkBytes = 4 << 20;

/// A temporary file beside its target, which it replaces as a whole; it vanishes unless it is put in place. Where the
/// target is a symbolic link, what the link leads to is replaced, and the link stays.
class SiblingFile {
 public:
  /// Throws FileError: the target is there and is not a plain file, or its folder cannot be written to.
  explicit SiblingFile(const std::filesystem::path& target);
  ~SiblingFile();
  SiblingFile(const SiblingFile&) = delete;
  SiblingFile& operator=(const SiblingFile&) = delete;

  void write(const std::byte* from, int64_t bytes);
  /// Syncs the file, renames it over its target and syncs the folder.  Throws FileError: the target is as it was; only
  /// when the last step fails is the new file there already, and then the error says so.
  void put_in_place();

 private:
  std::string name_;
  std::filesystem::path target_, path_;
  OpenFile file_;
  bool must_go_ = false;
};

}  // namespace weft
