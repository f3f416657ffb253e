// tensor/safetensors.h: named tensors in one file, the format of https://github.com/huggingface/safetensors
#pragma once
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "tensor/tensor.h"

namespace weft {

/// Names in order; a tensor that is not contiguous is written contiguous.
using TensorMap = std::map<std::string, Tensor>;

struct Safetensors {
  TensorMap tensors;
  std::map<std::string, std::string> metadata;
};

/// What a reader accepts at most: a hostile file is refused before it can take memory or time.
struct SafetensorsLimits {
  int64_t header_bytes = 100'000'000;  ///< the format's own limit; a writer is bound by it too
  int64_t tensors = 1'000'000;
  int64_t name_bytes = 1024;
  int64_t metadata_bytes = 16 << 20;  ///< names and values together
};

/// Reads and verifies the whole file (header length, UTF-8, JSON without duplicate keys, known dtypes, sizes that match
/// shapes, data without holes, overlaps or trailing bytes) before any tensor is made.  Throws FileError: says which
/// rule is broken. Only plain files: no folder, pipe or device.
Safetensors load_safetensors(const std::filesystem::path& path, Device device = default_device(),
                             const SafetensorsLimits& limits = {});
/// The same for a file held in memory; `name` stands for the path in errors.
Safetensors parse_safetensors(std::span<const std::byte> bytes, std::string_view name, Device device = default_device(),
                              const SafetensorsLimits& limits = {});

/// Writes a sibling temporary file, syncs it, renames it over `path` and syncs the folder: a reader sees the old file
/// or the new one, never a part. Where `path` is a symbolic link, the file it leads to is replaced.
/// Throws FileError: nothing is left behind and the old file is as it was; only an error that the folder "cannot be
/// synced" comes after the new file took its place.
void save_safetensors(const std::filesystem::path& path, const TensorMap& tensors,
                      const std::map<std::string, std::string>& metadata = {});

}  // namespace weft
