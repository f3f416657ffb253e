// tensor/safetensors_header.h: the JSON header of a safetensors file, for the reader and the writer
#pragma once
#include <vector>

#include "tensor/file.h"
#include "tensor/safetensors.h"

namespace weft {

/// One tensor of a file; begin and end count from the first byte after the header.
struct SafetensorsEntry {
  std::string name;
  DType dtype = DType::float32;
  Shape shape;
  int64_t begin = 0, end = 0;
};

struct SafetensorsHeader {
  std::vector<SafetensorsEntry> entries;  ///< in the order of the data
  std::map<std::string, std::string> metadata;
};

/// "F32" for float32, and so on.
std::string_view safetensors_type(DType dtype);
/// Throws FileError: a type that Weft does not have, or that nobody has.
DType dtype_of_safetensors_type(std::string_view file, std::string_view tensor, std::string_view type);

/// Only the JSON: its grammar, no key twice, the right keys with values of the right kind, and the limits.
SafetensorsHeader parse_header_json(std::string_view file, std::string_view json, const SafetensorsLimits& limits);
/// All of it: also that sizes fit the shapes and that the tensors cover the `data_bytes` after the header exactly.
SafetensorsHeader parse_safetensors_header(std::string_view file, std::string_view json, int64_t data_bytes,
                                           const SafetensorsLimits& limits);

/// The header's JSON, padded with spaces to a multiple of 8.  Throws FileError: text that is not UTF-8.
std::string format_safetensors_header(std::string_view file, const SafetensorsHeader& header);

}  // namespace weft
