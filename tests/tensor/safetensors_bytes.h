// tests/tensor/safetensors_bytes.h: safetensors files built byte by byte
#pragma once
#include <cstring>
#include <string>
#include <utility>

#include "tensor/safetensors.h"

namespace weft {

inline std::string length_prefix(uint64_t length) {
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &length, 8);
  return bytes;
}

/// A whole file: true length, `json`, then `data_bytes` bytes of 0.
inline std::string file_of(const std::string& json, size_t data_bytes = 0) {
  return length_prefix(json.size()) + json + std::string(data_bytes, '\0');
}

/// A file with one tensor "a" and the given values of its keys.
inline std::string one_tensor(const std::string& dtype, const std::string& shape, const std::string& offsets,
                              size_t data_bytes) {
  return file_of(R"({"a":{"dtype":)" + dtype + R"(,"shape":)" + shape + R"(,"data_offsets":)" + offsets + "}}",
                 data_bytes);
}

/// A file with tensors "a", "b", ... of U8: {begin, end} each.
inline std::string bytes_at(std::initializer_list<std::pair<int, int>> ranges, size_t data_bytes) {
  std::string json = "{";
  char name = 'a';
  for (const auto& [begin, end] : ranges) {
    if (json.size() > 1) json += ",";
    json +=
        fmt::format(R"("{}":{{"dtype":"U8","shape":[{}],"data_offsets":[{},{}]}})", name++, end - begin, begin, end);
  }
  return file_of(json + "}", data_bytes);
}

inline Safetensors parse(const std::string& bytes, const SafetensorsLimits& limits = {}) {
  return parse_safetensors(std::as_bytes(std::span(bytes)), "m.safetensors", reference, limits);
}

}  // namespace weft
