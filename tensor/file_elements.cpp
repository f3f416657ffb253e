// tensor/file_elements.cpp: elements in pieces, so that no buffer is sized by a file
#include "tensor/file_elements.h"

#include <algorithm>
#include <bit>

#include "tensor/backend.h"
#include "tensor/create.h"

namespace weft {

static_assert(std::endian::native == std::endian::little, "elements are moved as they lie in little-endian files");

namespace {

// A C++ bool that is neither 0 nor 1 has no meaning: the compiler may take it for both.
void check_bools(const Source& source, const FileElements& at, std::span<const std::byte> bytes) {
  const auto bad = std::find_if(bytes.begin(), bytes.end(), [](std::byte b) { return b > std::byte{1}; });
  if (bad != bytes.end())
    refuse_load(source.name, "{} is BOOL and holds byte {}; only 0 and 1 are allowed", at.what,
                std::to_integer<int>(*bad));
}

void swap_bytes(std::vector<std::byte>& bytes, int64_t element_bytes) {
  for (auto element = bytes.begin(); element != bytes.end(); element += element_bytes)
    std::reverse(element, element + element_bytes);
}

}  // namespace

void check_tensor_name(std::string_view file, const std::string& name, int64_t most_bytes) {
  if (name.empty() || static_cast<int64_t>(name.size()) > most_bytes)
    refuse_save(file, "'{}' cannot name a tensor; hint: 1 to {} bytes", shown(name), most_bytes);
  for (const unsigned char c : name)
    if (c < 0x20 || c == 0x7F) refuse_save(file, "the name '{}' holds control character {}", shown(name), int{c});
}

std::optional<int64_t> checked_bytes(const Shape& shape, DType dtype) {
  int64_t product = 1;
  bool is_empty = false, overflows = false;
  for (const int64_t size : shape) {
    if (size == 0) is_empty = true;
    else overflows |= __builtin_mul_overflow(product, size, &product);
  }
  if (!is_empty) overflows |= __builtin_mul_overflow(product, size_of(dtype), &product);
  if (overflows) return std::nullopt;
  return is_empty ? 0 : product;
}

Tensor read_elements(const Source& source, const FileElements& at, Device device) {
  const Tensor tensor = empty(at.shape, {.dtype = at.dtype, .device = device});
  const int64_t bytes = tensor.numel() * size_of(at.dtype);
  std::vector<std::byte> chunk;
  for (int64_t done = 0; done < bytes; done += kFileChunkBytes) {
    const int64_t size = std::min(kFileChunkBytes, bytes - done);
    chunk.resize(static_cast<size_t>(size));
    source.read(at.begin + done, chunk.data(), size);
    if (at.dtype == DType::boolean) check_bools(source, at, chunk);
    if (at.big_endian) swap_bytes(chunk, size_of(at.dtype));
    tensor.backend().copy_from_host(tensor.raw_data() + done, chunk.data(), size);
  }
  return tensor;
}

void write_elements(const Tensor& tensor, const std::function<void(const std::byte* bytes, int64_t count)>& write) {
  const Tensor packed = tensor.contiguous();
  const int64_t bytes = packed.numel() * size_of(packed.dtype());
  std::vector<std::byte> chunk(static_cast<size_t>(std::min(bytes, kFileChunkBytes)));
  for (int64_t done = 0; done < bytes; done += kFileChunkBytes) {
    const int64_t size = std::min(kFileChunkBytes, bytes - done);
    packed.backend().copy_to_host(chunk.data(), packed.raw_data() + done, size);
    write(chunk.data(), size);
  }
}

}  // namespace weft
