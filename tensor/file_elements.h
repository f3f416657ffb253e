// tensor/file_elements.h: the elements of a tensor from and to the bytes of a file, for every format
#pragma once
#include <optional>

#include "tensor/file.h"
#include "tensor/tensor.h"

namespace weft {

/// Where the elements of one tensor lie in a source.
struct FileElements {
  std::string what;  ///< for errors: "tensor 'a'"
  DType dtype;
  Shape shape;
  int64_t begin;
  bool big_endian = false;
};

/// Throws FileError: `name` is empty or longer than `most_bytes`, or holds control characters.
void check_tensor_name(std::string_view file, const std::string& name, int64_t most_bytes);

/// numel(shape) * size_of(dtype); nothing when the sizes other than 0, which are strides, or the bytes pass 2^63 - 1.
std::optional<int64_t> checked_bytes(const Shape& shape, DType dtype);

/// The caller has checked that they lie within the source.  Throws FileError: a bool that is neither 0 nor 1.
Tensor read_elements(const Source& source, const FileElements& at, Device device);

/// Calls write(bytes, count) piece by piece with the elements in row-major order.
void write_elements(const Tensor& tensor, const std::function<void(const std::byte* bytes, int64_t count)>& write);

}  // namespace weft
