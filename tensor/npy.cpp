// tensor/npy.cpp: verifies an npy file, then loads it; writes one
#include "tensor/npy.h"

#include <algorithm>

#include "tensor/file_elements.h"
#include "tensor/npy_header.h"

namespace weft {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";

/// The bytes from `begin` on as text.  Throws: the file ends before.
std::string read_text(const Source& source, int64_t begin, int64_t bytes, std::string_view what) {
  if (bytes > source.bytes - begin)
    refuse_load(source.name, "{} needs {} bytes, but only {} follow", what, bytes, source.bytes - begin);
  std::string text(static_cast<size_t>(bytes), '\0');
  source.read(begin, reinterpret_cast<std::byte*>(text.data()), bytes);
  return text;
}

int64_t little_endian(std::string_view bytes) {
  int64_t value = 0;
  for (size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

}  // namespace

Tensor read_npy(const Source& source, Device device, const NpyOptions& options) {
  const auto magic_bytes = static_cast<int64_t>(kMagic.size());
  const std::string start = read_text(source, 0, magic_bytes + 2, "the magic number");
  if (!start.starts_with(kMagic)) refuse_load(source.name, "is no npy file: it does not start with \\x93NUMPY");
  const int major = static_cast<unsigned char>(start[6]), minor = static_cast<unsigned char>(start[7]);
  if (major < 1 || major > 3 || minor != 0)
    refuse_load(source.name, "is of version {}.{}; 1.0, 2.0 and 3.0 are read", major, minor);
  const int64_t length_bytes = major == 1 ? 2 : 4, header_begin = magic_bytes + 2 + length_bytes;
  const int64_t length = little_endian(read_text(source, magic_bytes + 2, length_bytes, "the header's length"));
  if (length > options.header_bytes)
    refuse_load(source.name, "claims a header of {} bytes; at most {} are allowed", length, options.header_bytes);
  const NpyHeader header =
      parse_npy_header(source.name, read_text(source, header_begin, length, "the header"), major < 3);

  const auto bytes = checked_bytes(header.shape, header.dtype);
  if (!bytes)
    refuse_load(source.name, "claims {} {}, more than 2^63 - 1 bytes", to_string(header.shape), name_of(header.dtype));
  const int64_t begin = header_begin + length, given = source.bytes - begin;
  if (*bytes > given || (*bytes < given && !options.allow_trailing_bytes))
    refuse_load(source.name, "claims {} {} = {} bytes, the file holds {}", to_string(header.shape),
                name_of(header.dtype), *bytes, given);
  Shape shape = header.shape;
  if (header.fortran_order) std::reverse(shape.begin(), shape.end());
  const Tensor tensor = read_elements(source, {"the array", header.dtype, shape, begin, header.big_endian}, device);
  if (!header.fortran_order) return tensor;
  Axes order;
  for (int64_t axis = shape.size(); axis-- > 0;) order.push_back(axis);
  return tensor.permute(order);
}

Tensor load_npy(const std::filesystem::path& path, Device device, const NpyOptions& options) {
  const PlainFile file(path);
  return read_npy(source_of(file), device, options);
}

Tensor parse_npy(std::span<const std::byte> bytes, std::string_view name, Device device, const NpyOptions& options) {
  return read_npy(source_of(bytes, name), device, options);
}

void save_npy(const std::filesystem::path& path, const Tensor& tensor) {
  const std::string preamble = npy_preamble(path.string(), tensor);
  SiblingFile file(path);
  file.write(reinterpret_cast<const std::byte*>(preamble.data()), static_cast<int64_t>(preamble.size()));
  write_elements(tensor, [&](const std::byte* bytes, int64_t count) { file.write(bytes, count); });
  file.put_in_place();
}

}  // namespace weft
