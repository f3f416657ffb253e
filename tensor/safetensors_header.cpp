// tensor/safetensors_header.cpp: what the header of a safetensors file means, and whether it can be true
#include "tensor/safetensors_header.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "tensor/file_elements.h"

namespace weft {

namespace {

// Types of the format that Weft has no tensors for.
constexpr std::array<std::string_view, 15> kOtherTypes = {"F4",      "F6_E2M3", "F6_E3M2",     "I8",          "F8_E5M2",
                                                          "F8_E4M3", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ", "I16",
                                                          "U16",     "F16",     "U32",         "C64",         "U64"};

void check_size(std::string_view file, const SafetensorsEntry& entry) {
  if (entry.end < entry.begin)
    refuse_load(file, "tensor '{}': data_offsets end at {}, before they begin at {}", shown(entry.name), entry.end,
                entry.begin);
  const auto bytes = checked_bytes(entry.shape, entry.dtype);
  if (!bytes)
    refuse_load(file, "tensor '{}' claims {} {}, more than 2^63 - 1 bytes", shown(entry.name), to_string(entry.shape),
                safetensors_type(entry.dtype));
  if (*bytes != entry.end - entry.begin)
    refuse_load(file, "tensor '{}' claims {} {} = {} bytes, offsets give {}", shown(entry.name), to_string(entry.shape),
                safetensors_type(entry.dtype), *bytes, entry.end - entry.begin);
}

// Without holes and overlaps no byte is hidden, and no byte is handed out twice.
void check_coverage(std::string_view file, const std::vector<SafetensorsEntry>& entries, int64_t data_bytes) {
  int64_t covered = 0;
  for (const SafetensorsEntry& entry : entries) {
    if (entry.begin > covered)
      refuse_load(file, "a hole of {} bytes before tensor '{}', which begins at {}", entry.begin - covered,
                  shown(entry.name), entry.begin);
    if (entry.begin < covered)
      refuse_load(file, "tensor '{}' begins at {} and overlaps the tensor before it, which ends at {}",
                  shown(entry.name), entry.begin, covered);
    covered = entry.end;
  }
  if (covered > data_bytes)
    refuse_load(file, "the tensors need {} bytes of data, the file holds {}", covered, data_bytes);
  if (covered < data_bytes) refuse_load(file, "{} trailing bytes after the last tensor", data_bytes - covered);
}

}  // namespace

std::string_view safetensors_type(DType dtype) {
  switch (dtype) {
    case DType::boolean: return "BOOL";
    case DType::uint8: return "U8";
    case DType::int32: return "I32";
    case DType::int64: return "I64";
    case DType::bfloat16: return "BF16";
    case DType::float32: return "F32";
    case DType::float64: break;
  }
  return "F64";
}

DType dtype_of_safetensors_type(std::string_view file, std::string_view tensor, std::string_view type) {
  for (const DType dtype :
       {DType::boolean, DType::uint8, DType::int32, DType::int64, DType::bfloat16, DType::float32, DType::float64})
    if (type == safetensors_type(dtype)) return dtype;
  if (std::find(kOtherTypes.begin(), kOtherTypes.end(), type) != kOtherTypes.end())
    refuse_load(file, "tensor '{}' is of type {}, which Weft does not have; hint: convert it to F32 or I64", tensor,
                type);
  refuse_load(file, "tensor '{}': unknown dtype '{}'", tensor, shown(type));
}

SafetensorsHeader parse_safetensors_header(std::string_view file, std::string_view json, int64_t data_bytes,
                                           const SafetensorsLimits& limits) {
  if (!json.starts_with('{')) refuse_load(file, "the header does not start with '{{'");
  json = json.substr(0, json.find_last_not_of(' ') + 1);
  if (!json.ends_with('}')) refuse_load(file, "the header does not end with '}}', followed by spaces only");

  SafetensorsHeader header = parse_header_json(file, json, limits);
  for (const SafetensorsEntry& entry : header.entries) check_size(file, entry);
  std::sort(header.entries.begin(), header.entries.end(), [](const SafetensorsEntry& a, const SafetensorsEntry& b) {
    return std::tie(a.begin, a.end, a.name) < std::tie(b.begin, b.end, b.name);
  });
  check_coverage(file, header.entries, data_bytes);
  return header;
}

}  // namespace weft
