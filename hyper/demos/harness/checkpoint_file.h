// hyper/demos/harness/checkpoint_file.h: tensors in a file that knows whether it is whole
#pragma once
#include <filesystem>

#include "tensor/safetensors.h"

namespace weft::demo {

/// A safetensors file whose metadata hold the SHA-256 of its names, shapes and data, so that a flipped bit is found,
/// and "writer": version and commit of this program. Throws FileError: it cannot be written; the old file is as it was.
void save_verified(const std::filesystem::path& path, const TensorMap& tensors);
/// A checkpoint of a version of Weft that wrote others than this one reads.
class OtherFormat : public FileError {
 public:
  using FileError::FileError;
};

/// On the cpu.  Throws FileError: not there, damaged, or without a sum. OtherFormat.
TensorMap load_verified(const std::filesystem::path& path);

}  // namespace weft::demo
