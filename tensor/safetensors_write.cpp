// tensor/safetensors_write.cpp: writes a safetensors file so that it is there as a whole or not at all
#include <algorithm>

#include "tensor/file_elements.h"
#include "tensor/safetensors_header.h"

namespace weft {

namespace fs = std::filesystem;

namespace {

// Order of the reference writer: the strictest alignment first, so that every tensor lies aligned to its elements.
int64_t rank_in_file(DType dtype) {
  constexpr DType order[] = {DType::int64,    DType::float64, DType::float32, DType::int32,
                             DType::bfloat16, DType::uint8,   DType::boolean};
  return std::find(std::begin(order), std::end(order), dtype) - std::begin(order);
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
    if (name == "__metadata__")
      refuse_save(file, "'{}' cannot name a tensor; hint: the format keeps it for itself", name);
    check_tensor_name(file, name, SafetensorsLimits{}.name_bytes);
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

}  // namespace

void save_safetensors(const fs::path& path, const TensorMap& tensors,
                      const std::map<std::string, std::string>& metadata) {
  const std::string name = path.string();
  const SafetensorsHeader header = plan(name, tensors, metadata);
  const std::string json = format_safetensors_header(name, header);
  const uint64_t length = json.size();
  if (static_cast<int64_t>(length) > SafetensorsLimits{}.header_bytes)
    refuse_save(name, "the header takes {} bytes; at most {} are allowed", length, SafetensorsLimits{}.header_bytes);

  SiblingFile file(path);
  file.write(reinterpret_cast<const std::byte*>(&length), sizeof length);
  file.write(reinterpret_cast<const std::byte*>(json.data()), static_cast<int64_t>(length));
  for (const SafetensorsEntry& entry : header.entries)
    write_elements(tensors.at(entry.name), [&](const std::byte* bytes, int64_t count) { file.write(bytes, count); });
  file.put_in_place();
}

}  // namespace weft
