// tensor/safetensors.h: named tensors in one file, the format of https://github.com/huggingface/safetensors
#pragma once
#include <filesystem>
#include <map>
#include <string>

#include "tensor/tensor.h"

namespace weft {

/// Names in order; a tensor that is not contiguous is written contiguous.
using TensorMap = std::map<std::string, Tensor>;

struct Safetensors {
  TensorMap tensors;
  std::map<std::string, std::string> metadata;
};

/// Reads and verifies the whole file (header length, UTF-8, JSON without duplicate keys, known dtypes, sizes that match
/// shapes, data without holes, overlaps or trailing bytes) before any tensor is made.  Throws FileError: says which
/// rule is broken.
Safetensors load_safetensors(const std::filesystem::path& path, Device device = default_device());

/// Writes a sibling temporary file, syncs it, renames it over `path` and syncs the folder: a reader sees the old file
/// or the new one, never a part.  Throws FileError.
void save_safetensors(const std::filesystem::path& path, const TensorMap& tensors,
                      const std::map<std::string, std::string>& metadata = {});

}  // namespace weft
