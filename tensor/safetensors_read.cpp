// tensor/safetensors_read.cpp: verifies a safetensors file, then loads it
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <functional>

#include "tensor/backend.h"
#include "tensor/create.h"
#include "tensor/safetensors_file.h"
#include "tensor/safetensors_header.h"

namespace weft {

static_assert(std::endian::native == std::endian::little, "the format is little-endian");

namespace {

constexpr int64_t kLengthBytes = 8;
constexpr int64_t kChunkBytes = 4 << 20;  // what is read at a time: no buffer is sized by the file

/// Bytes that may lie in a file or in memory.
struct Source {
  std::string name;
  int64_t bytes;
  std::function<void(int64_t offset, std::byte* to, int64_t bytes)> read;
};

std::string read_header_text(const Source& source, const SafetensorsLimits& limits) {
  if (source.bytes < kLengthBytes)
    refuse_load(source.name, "{} bytes, too short for the length of a header", source.bytes);
  uint64_t length = 0;
  source.read(0, reinterpret_cast<std::byte*>(&length), kLengthBytes);
  if (length > static_cast<uint64_t>(limits.header_bytes))
    refuse_load(source.name, "claims a header of {} bytes; at most {} are allowed", length, limits.header_bytes);
  const auto bytes = static_cast<int64_t>(length);
  if (bytes > source.bytes - kLengthBytes)
    refuse_load(source.name, "claims a header of {} bytes, but only {} follow", bytes, source.bytes - kLengthBytes);
  std::string text(length, '\0');
  source.read(kLengthBytes, reinterpret_cast<std::byte*>(text.data()), bytes);
  return text;
}

// A C++ bool that is neither 0 nor 1 has no meaning: the compiler may take it for both.
void check_bools(const Source& source, const SafetensorsEntry& entry, std::span<const std::byte> bytes) {
  const auto bad = std::find_if(bytes.begin(), bytes.end(), [](std::byte b) { return b > std::byte{1}; });
  if (bad != bytes.end())
    refuse_load(source.name, "tensor '{}' is BOOL and holds byte {}; only 0 and 1 are allowed", shown(entry.name),
                std::to_integer<int>(*bad));
}

Tensor read_tensor(const Source& source, const SafetensorsEntry& entry, int64_t data_start, Device device,
                   std::vector<std::byte>& chunk) {
  Tensor tensor = empty(entry.shape, {.dtype = entry.dtype, .device = device});
  const int64_t bytes = entry.end - entry.begin;
  for (int64_t done = 0; done < bytes; done += kChunkBytes) {
    const int64_t size = std::min(kChunkBytes, bytes - done);
    chunk.resize(static_cast<size_t>(size));
    source.read(data_start + entry.begin + done, chunk.data(), size);
    if (entry.dtype == DType::boolean) check_bools(source, entry, chunk);
    tensor.backend().copy_from_host(tensor.raw_data() + done, chunk.data(), size);
  }
  return tensor;
}

Safetensors read(const Source& source, Device device, const SafetensorsLimits& limits) {
  const std::string text = read_header_text(source, limits);
  const int64_t data_start = kLengthBytes + static_cast<int64_t>(text.size());
  SafetensorsHeader header = parse_safetensors_header(source.name, text, source.bytes - data_start, limits);

  Safetensors result;
  result.metadata = std::move(header.metadata);
  std::vector<std::byte> chunk;
  for (const SafetensorsEntry& entry : header.entries)
    result.tensors.emplace(entry.name, read_tensor(source, entry, data_start, device, chunk));
  return result;
}

void read_from_file(const OpenFile& file, std::string_view name, int64_t offset, std::byte* to, int64_t bytes) {
  while (bytes > 0) {
    const ssize_t got = ::pread(file.descriptor(), to, static_cast<size_t>(bytes), offset);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) refuse_load(name, "cannot read: {}", system_error_text());
    if (got == 0) refuse_load(name, "ended at byte {}: it was cut while it was read", offset);
    offset += got;
    to += got;
    bytes -= got;
  }
}

}  // namespace

Safetensors load_safetensors(const std::filesystem::path& path, Device device, const SafetensorsLimits& limits) {
  const std::string name = path.string();
  // Without O_NONBLOCK a pipe that nobody writes to would block for ever.
  const OpenFile file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.is_open()) refuse_load(name, "cannot open: {}", system_error_text());
  struct stat status = {};
  if (::fstat(file.descriptor(), &status) != 0) refuse_load(name, "cannot read: {}", system_error_text());
  if (S_ISDIR(status.st_mode)) refuse_load(name, "is a folder, not a file");
  if (!S_ISREG(status.st_mode)) refuse_load(name, "is not a plain file");
  return read({name, status.st_size,
               [&](int64_t offset, std::byte* to, int64_t bytes) { read_from_file(file, name, offset, to, bytes); }},
              device, limits);
}

Safetensors parse_safetensors(std::span<const std::byte> bytes, std::string_view name, Device device,
                              const SafetensorsLimits& limits) {
  return read({std::string(name), static_cast<int64_t>(bytes.size()),
               [bytes](int64_t offset, std::byte* to, int64_t size) {
                 if (size > 0) std::memcpy(to, bytes.data() + offset, static_cast<size_t>(size));
               }},
              device, limits);
}

}  // namespace weft
