// tensor/npz_write.cpp: puts a zip archive together in memory, then writes it as a whole or not at all
#include <zip.h>

#include <memory>

#include "tensor/file_elements.h"
#include "tensor/npy_header.h"
#include "tensor/npz.h"

namespace weft {
namespace {

constexpr zip_uint32_t kLevel = 6;              // NumPy's and zlib's default; libzip's is 9, several times slower
constexpr zip_uint16_t kFirstDay = 1 << 5 | 1;  // 1980-01-01, so that the same tensors give the same bytes

std::string npy_file(const std::string& file, const Tensor& tensor) {
  std::string bytes = npy_preamble(file, tensor);
  write_elements(tensor, [&](const std::byte* from, int64_t count) {
    bytes.append(reinterpret_cast<const char*>(from), static_cast<size_t>(count));
  });
  return bytes;
}

/// A zip archive that grows in memory.
class ArchiveInMemory {
 public:
  explicit ArchiveInMemory(std::string file) : file_(std::move(file)) {
    zip_error_init(&error_);
    bytes_ = zip_source_buffer_create(nullptr, 0, 0, &error_);
    if (bytes_ == nullptr) fail_with(&error_);
    zip_source_keep(bytes_);  // it is read when the archive, which takes one hold of it, is closed
    archive_ = zip_open_from_source(bytes_, ZIP_TRUNCATE, &error_);
    if (archive_ == nullptr) {
      zip_source_free(bytes_);
      zip_source_free(bytes_);
      fail_with(&error_);
    }
  }
  ~ArchiveInMemory() {
    if (archive_ != nullptr) zip_discard(archive_);
    zip_source_free(bytes_);
    zip_error_fini(&error_);
  }
  ArchiveInMemory(const ArchiveInMemory&) = delete;
  ArchiveInMemory& operator=(const ArchiveInMemory&) = delete;

  /// `content` must live until the archive is written.
  void add(const std::string& name, const std::string& content, Compress compress) {
    zip_source_t* source = zip_source_buffer(archive_, content.data(), content.size(), 0);
    if (source == nullptr) fail_with(zip_get_error(archive_));
    const zip_int64_t index = zip_file_add(archive_, name.c_str(), source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
      zip_source_free(source);
      refuse_save(file_, "the name '{}' cannot be used: {}", shown(name), zip_strerror(archive_));
    }
    const auto member = static_cast<zip_uint64_t>(index);
    const zip_int32_t method = compress == Compress::yes ? ZIP_CM_DEFLATE : ZIP_CM_STORE;
    if (zip_set_file_compression(archive_, member, method, kLevel) != 0 ||
        zip_file_set_dostime(archive_, member, 0, kFirstDay, 0) != 0)
      fail_with(zip_get_error(archive_));
  }

  void write_to(SiblingFile& file) {
    if (zip_close(archive_) != 0) fail_with(zip_get_error(archive_));
    archive_ = nullptr;
    if (zip_source_open(bytes_) != 0) fail_with(zip_source_error(bytes_));
    std::vector<std::byte> chunk(kFileChunkBytes);
    while (true) {
      const zip_int64_t got = zip_source_read(bytes_, chunk.data(), chunk.size());
      if (got < 0) fail_with(zip_source_error(bytes_));
      if (got == 0) break;
      file.write(chunk.data(), got);
    }
    zip_source_close(bytes_);
  }

 private:
  [[noreturn]] void fail_with(zip_error_t* error) {
    refuse_save(file_, "cannot be packed: {}", zip_error_strerror(error));
  }

  std::string file_;
  zip_error_t error_;
  zip_source_t* bytes_ = nullptr;
  zip_t* archive_ = nullptr;
};

}  // namespace

void save_npz(const std::filesystem::path& path, const TensorMap& tensors, Compress compress) {
  const std::string file = path.string();
  if (tensors.empty()) refuse_save(file, "there are no tensors; hint: a zip archive cannot be empty");
  std::vector<std::string> contents;
  contents.reserve(tensors.size());
  ArchiveInMemory archive(file);
  for (const auto& [name, tensor] : tensors) {
    check_tensor_name(file, name, NpzLimits{}.name_bytes);
    contents.push_back(npy_file(fmt::format("{}/{}", file, shown(name)), tensor));
    archive.add(name + ".npy", contents.back(), compress);
  }
  SiblingFile target(path);
  archive.write_to(target);
  target.put_in_place();
}

}  // namespace weft
