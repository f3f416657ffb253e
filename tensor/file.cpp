// tensor/file.cpp: reading plain files only, and replacing a file as a whole
#include "tensor/file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <atomic>
#include <cstring>

namespace weft {

namespace fs = std::filesystem;

namespace {

fs::path folder_of(const fs::path& path) { return path.has_parent_path() ? path.parent_path() : "."; }

/// What a chain of symbolic links leads to: what is replaced is the file, not the link.
fs::path behind_links(const fs::path& link) {
  constexpr int kMostLinks = 40;  // as Linux
  std::error_code error;
  fs::path path = link;
  for (int i = 0; i < kMostLinks; ++i) {
    if (!fs::is_symlink(fs::symlink_status(path, error))) return path;
    const fs::path next = fs::read_symlink(path, error);
    if (error) refuse_save(link.string(), "is a symbolic link that cannot be read: {}", error.message());
    path = path.parent_path() / next;  // `next` alone where it is absolute
  }
  refuse_save(link.string(), "leads through more than {} symbolic links", kMostLinks);
}

/// Checks the target on the way: a folder or a device is not replaced.
fs::path temporary_beside(const fs::path& target) {
  struct stat status = {};
  if (::stat(target.c_str(), &status) == 0 && !S_ISREG(status.st_mode))
    refuse_save(target.string(), "is there already and is not a plain file");
  static std::atomic<uint64_t> count = 0;
  return folder_of(target) / fmt::format(".{}.{}-{}.tmp", target.filename().string(), ::getpid(), count++);
}

void read_from_file(const PlainFile& file, int64_t offset, std::byte* to, int64_t bytes) {
  while (bytes > 0) {
    const ssize_t got = ::pread(file.file.descriptor(), to, static_cast<size_t>(bytes), offset);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) refuse_load(file.name, "cannot read: {}", system_error_text());
    if (got == 0) refuse_load(file.name, "ended at byte {}: it was cut while it was read", offset);
    offset += got;
    to += got;
    bytes -= got;
  }
}

}  // namespace

std::string shown(std::string_view text) {
  constexpr size_t kLongest = 64;
  const bool is_cut = text.size() > kLongest;
  size_t end = is_cut ? kLongest : text.size();
  while (is_cut && end > 0 && (text[end] & 0xC0) == 0x80) --end;  // not inside a UTF-8 sequence
  std::string result(text.substr(0, end));
  for (char& c : result)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  return is_cut ? result + "..." : result;
}

// Without O_NONBLOCK a pipe that nobody writes to would block for ever.
PlainFile::PlainFile(const fs::path& path)
    : name(path.string()), file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {
  if (!file.is_open()) refuse_load(name, "cannot open: {}", system_error_text());
  struct stat status = {};
  if (::fstat(file.descriptor(), &status) != 0) refuse_load(name, "cannot read: {}", system_error_text());
  if (S_ISDIR(status.st_mode)) refuse_load(name, "is a folder, not a file");
  if (!S_ISREG(status.st_mode)) refuse_load(name, "is not a plain file");
  bytes = status.st_size;
}

Source source_of(const PlainFile& file) {
  return {file.name, file.bytes,
          [&file](int64_t offset, std::byte* to, int64_t bytes) { read_from_file(file, offset, to, bytes); }};
}

Source source_of(std::span<const std::byte> bytes, std::string_view name) {
  return {std::string(name), static_cast<int64_t>(bytes.size()), [bytes](int64_t offset, std::byte* to, int64_t size) {
            if (size > 0) std::memcpy(to, bytes.data() + offset, static_cast<size_t>(size));
          }};
}

SiblingFile::SiblingFile(const fs::path& target)
    : name_(target.string()),
      target_(behind_links(target)),
      path_(temporary_beside(target_)),
      file_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666)) {
  if (!file_.is_open()) refuse_save(name_, "cannot make a file in its folder: {}", system_error_text());
  must_go_ = true;
}

SiblingFile::~SiblingFile() {
  if (must_go_) ::unlink(path_.c_str());
}

void SiblingFile::write(const std::byte* from, int64_t bytes) {
  while (bytes > 0) {
    const ssize_t put = ::write(file_.descriptor(), from, static_cast<size_t>(bytes));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) refuse_save(name_, "cannot write: {}", system_error_text());
    from += put;
    bytes -= put;
  }
}

void SiblingFile::put_in_place() {
  // Opened first: what can be refused is refused before the old file is gone.
  const OpenFile folder(::open(folder_of(target_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.is_open()) refuse_save(name_, "cannot open its folder: {}", system_error_text());
  if (::fsync(file_.descriptor()) != 0 || !file_.close()) refuse_save(name_, "cannot write: {}", system_error_text());
  if (::rename(path_.c_str(), target_.c_str()) != 0) refuse_save(name_, "cannot be replaced: {}", system_error_text());
  must_go_ = false;
  // The new name is safe from a power cut only when the folder is on the disk too.
  if (::fsync(folder.descriptor()) != 0)
    refuse_save(name_, "is written, but its folder cannot be synced: {}", system_error_text());
}

}  // namespace weft
