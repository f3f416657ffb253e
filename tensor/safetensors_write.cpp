// tensor/safetensors_write.cpp: writes a safetensors file so that it is there as a whole or not at all
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>

#include "tensor/backend.h"
#include "tensor/safetensors_file.h"
#include "tensor/safetensors_header.h"

namespace weft {

namespace fs = std::filesystem;

namespace {

/// A temporary file beside its target; it vanishes unless it is put in place.
class SiblingFile {
 public:
  explicit SiblingFile(const fs::path& target)
      : name_(target.string()),
        target_(target),
        path_(temporary_beside(target)),
        file_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666)) {
    if (!file_.is_open()) refuse_save(name_, "cannot make a file in its folder: {}", system_error_text());
    must_go_ = true;
  }
  ~SiblingFile() {
    if (must_go_) ::unlink(path_.c_str());
  }
  SiblingFile(const SiblingFile&) = delete;
  SiblingFile& operator=(const SiblingFile&) = delete;

  void write(const std::byte* from, int64_t bytes) {
    while (bytes > 0) {
      const ssize_t put = ::write(file_.descriptor(), from, static_cast<size_t>(bytes));
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) refuse_save(name_, "cannot write: {}", system_error_text());
      from += put;
      bytes -= put;
    }
  }

  void put_in_place() {
    if (::fsync(file_.descriptor()) != 0 || !file_.close()) refuse_save(name_, "cannot write: {}", system_error_text());
    if (::rename(path_.c_str(), target_.c_str()) != 0)
      refuse_save(name_, "cannot be replaced: {}", system_error_text());
    must_go_ = false;
    // The new name is safe from a power cut only when the folder is on the disk too.
    const OpenFile folder(::open(folder_of(target_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.is_open() || ::fsync(folder.descriptor()) != 0)
      refuse_save(name_, "is written, but its folder cannot be synced: {}", system_error_text());
  }

 private:
  static fs::path folder_of(const fs::path& path) { return path.has_parent_path() ? path.parent_path() : "."; }
  static fs::path temporary_beside(const fs::path& target) {
    static std::atomic<uint64_t> count = 0;
    return folder_of(target) / fmt::format(".{}.{}-{}.tmp", target.filename().string(), ::getpid(), count++);
  }

  std::string name_;
  fs::path target_, path_;
  OpenFile file_;
  bool must_go_ = false;
};

// Order of the reference writer: the strictest alignment first, so that every tensor lies aligned to its elements.
int64_t rank_in_file(DType dtype) {
  constexpr DType order[] = {DType::int64, DType::float64, DType::float32, DType::int32, DType::uint8, DType::boolean};
  return std::find(std::begin(order), std::end(order), dtype) - std::begin(order);
}

void check_name(std::string_view file, const std::string& name) {
  const SafetensorsLimits limits;
  if (name.empty() || name == "__metadata__" || static_cast<int64_t>(name.size()) > limits.name_bytes)
    refuse_save(file, "'{}' cannot name a tensor; hint: 1 to {} bytes, not __metadata__", shown(name),
                limits.name_bytes);
  for (const unsigned char c : name)
    if (c < 0x20 || c == 0x7F) refuse_save(file, "the name '{}' holds control character {}", shown(name), int{c});
}

SafetensorsHeader plan(std::string_view file, const TensorMap& tensors,
                       const std::map<std::string, std::string>& metadata) {
  int64_t metadata_bytes = 0;
  for (const auto& [key, value] : metadata) metadata_bytes += static_cast<int64_t>(key.size() + value.size());
  if (metadata_bytes > SafetensorsLimits{}.metadata_bytes)
    refuse_save(file, "the metadata takes {} bytes; at most {} are allowed", metadata_bytes,
                SafetensorsLimits{}.metadata_bytes);
  SafetensorsHeader header{.entries = {}, .metadata = metadata};
  for (const auto& [name, tensor] : tensors) {
    check_name(file, name);
    if (!tensor.defined()) refuse_save(file, "tensor '{}' is undefined", shown(name));
    header.entries.push_back({.name = name, .dtype = tensor.dtype(), .shape = tensor.shape()});
  }
  std::stable_sort(header.entries.begin(), header.entries.end(),
                   [](const auto& a, const auto& b) { return rank_in_file(a.dtype) < rank_in_file(b.dtype); });
  int64_t end = 0;
  for (SafetensorsEntry& entry : header.entries) {
    entry.begin = end;
    end += tensors.at(entry.name).numel() * size_of(entry.dtype);
    entry.end = end;
  }
  return header;
}

void write_elements(SiblingFile& file, const Tensor& tensor) {
  constexpr int64_t kChunkBytes = 4 << 20;
  const Tensor packed = tensor.contiguous();
  const int64_t bytes = packed.numel() * size_of(packed.dtype());
  std::vector<std::byte> chunk(static_cast<size_t>(std::min(bytes, kChunkBytes)));
  for (int64_t done = 0; done < bytes; done += kChunkBytes) {
    const int64_t size = std::min(kChunkBytes, bytes - done);
    packed.backend().copy_to_host(chunk.data(), packed.raw_data() + done, size);
    file.write(chunk.data(), size);
  }
}

void check_replaceable(const fs::path& path) {
  struct stat status = {};
  if (::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode))
    refuse_save(path.string(), "is there already and is not a plain file");
}

}  // namespace

void save_safetensors(const fs::path& path, const TensorMap& tensors,
                      const std::map<std::string, std::string>& metadata) {
  const std::string name = path.string();
  check_replaceable(path);
  const SafetensorsHeader header = plan(name, tensors, metadata);
  const std::string json = format_safetensors_header(name, header);
  const uint64_t length = json.size();
  if (static_cast<int64_t>(length) > SafetensorsLimits{}.header_bytes)
    refuse_save(name, "the header takes {} bytes; at most {} are allowed", length, SafetensorsLimits{}.header_bytes);

  SiblingFile file(path);
  file.write(reinterpret_cast<const std::byte*>(&length), sizeof length);
  file.write(reinterpret_cast<const std::byte*>(json.data()), static_cast<int64_t>(length));
  for (const SafetensorsEntry& entry : header.entries) write_elements(file, tensors.at(entry.name));
  file.put_in_place();
}

}  // namespace weft
