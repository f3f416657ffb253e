// datasets/idx.h: the IDX format of the MNIST files, plain or gzip-compressed
#pragma once
#include <filesystem>

#include "tensor/tensor.h"

namespace weft::datasets {

/// Bytes 0, 0, type, rank; sizes as big-endian uint32; elements big-endian, row-major. Types: uint8 (08), int32 (0C),
/// float32 (0D), float64 (0E); rank 1 to 4. The length must match exactly, before and after decompression.
/// Throws FileError: missing, truncated, trailing bytes, unknown type; says what was found and what was expected.
Tensor load_idx(const std::filesystem::path& path);

}  // namespace weft::datasets
