// tensor/safetensors_header.cpp: what the header of a safetensors file means, and whether it can be true
#include "tensor/safetensors_header.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace weft {

namespace {

// Types of the format that Weft has no tensors for.
constexpr std::array<std::string_view, 16> kOtherTypes = {
    "F4",          "F6_E2M3", "F6_E3M2", "I8",  "F8_E5M2", "F8_E4M3", "F8_E8M0", "F8_E4M3FNUZ",
    "F8_E5M2FNUZ", "I16",     "U16",     "F16", "BF16",    "U32",     "C64",     "U64"};

// Bytes of the entry's tensor. A size of 0 makes it empty, but the other sizes must still multiply to an int64: they
// are its strides.
int64_t bytes_of(std::string_view file, const SafetensorsEntry& entry) {
  int64_t product = 1;
  bool is_empty = false, overflows = false;
  for (const int64_t size : entry.shape) {
    if (size == 0) is_empty = true;
    else overflows |= __builtin_mul_overflow(product, size, &product);
  }
  if (!is_empty) overflows |= __builtin_mul_overflow(product, size_of(entry.dtype), &product);
  if (overflows)
    refuse_load(file, "tensor '{}' claims {} {}, more than 2^63 - 1 bytes", shown(entry.name), to_string(entry.shape),
                safetensors_type(entry.dtype));
  return is_empty ? 0 : product;
}

void check_size(std::string_view file, const SafetensorsEntry& entry) {
  if (entry.end < entry.begin)
    refuse_load(file, "tensor '{}': data_offsets end at {}, before they begin at {}", shown(entry.name), entry.end,
                entry.begin);
  const int64_t bytes = bytes_of(file, entry);
  if (bytes != entry.end - entry.begin)
    refuse_load(file, "tensor '{}' claims {} {} = {} bytes, offsets give {}", shown(entry.name), to_string(entry.shape),
                safetensors_type(entry.dtype), bytes, entry.end - entry.begin);
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
    case DType::float32: return "F32";
    case DType::float64: break;
  }
  return "F64";
}

DType dtype_of_safetensors_type(std::string_view file, std::string_view tensor, std::string_view type) {
  for (const DType dtype : {DType::boolean, DType::uint8, DType::int32, DType::int64, DType::float32, DType::float64})
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

}  // namespace weft
