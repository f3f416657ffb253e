// tensor/npy.h: one tensor in one file, NumPy's format (numpy.lib.format, versions 1.0 to 3.0)
#pragma once
#include <filesystem>
#include <span>
#include <string_view>

#include "tensor/tensor.h"

namespace weft {

struct NpyOptions {
  bool allow_trailing_bytes = false;  ///< NumPy reads on behind the array, when files are joined
  int64_t header_bytes = 64 << 10;    ///< a longer header is refused
};

/// Types b1, u1, i4, i8, f4 and f8, either byte order; an array in Fortran order becomes a transposed view. The header
/// is tokenized, never evaluated, and everything is verified before memory is taken for the elements.
/// Throws FileError: says which rule is broken; types that Weft has not are named, pickles are never loaded.
Tensor load_npy(const std::filesystem::path& path, Device device = default_device(), const NpyOptions& options = {});
/// The same for a file held in memory; `name` stands for the path in errors.
Tensor parse_npy(std::span<const std::byte> bytes, std::string_view name, Device device = default_device(),
                 const NpyOptions& options = {});

/// Version 1.0, C order, little-endian; written as a whole or not at all (see save_safetensors).
/// Throws FileError: bfloat16, for which NumPy has no type; what the system refuses.
void save_npy(const std::filesystem::path& path, const Tensor& tensor);

}  // namespace weft
