// tensor/safetensors_read.cpp: verifies a safetensors file, then loads it
#include "tensor/file_elements.h"
#include "tensor/safetensors_header.h"

namespace weft {

namespace {

constexpr int64_t kLengthBytes = 8;

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

Safetensors read_safetensors(const Source& source, Device device, const SafetensorsLimits& limits) {
  const std::string text = read_header_text(source, limits);
  const int64_t data_start = kLengthBytes + static_cast<int64_t>(text.size());
  SafetensorsHeader header = parse_safetensors_header(source.name, text, source.bytes - data_start, limits);

  Safetensors result;
  result.metadata = std::move(header.metadata);
  for (const SafetensorsEntry& entry : header.entries) {
    const FileElements at{fmt::format("tensor '{}'", shown(entry.name)), entry.dtype, entry.shape,
                          data_start + entry.begin};
    result.tensors.emplace(entry.name, read_elements(source, at, device));
  }
  return result;
}

}  // namespace

Safetensors load_safetensors(const std::filesystem::path& path, Device device, const SafetensorsLimits& limits) {
  const PlainFile file(path);
  return read_safetensors(source_of(file), device, limits);
}

Safetensors parse_safetensors(std::span<const std::byte> bytes, std::string_view name, Device device,
                              const SafetensorsLimits& limits) {
  return read_safetensors(source_of(bytes, name), device, limits);
}

}  // namespace weft
