// hyper/demos/harness/checkpoint_file.cpp: tensors with their sum
#include "hyper/demos/harness/checkpoint_file.h"

#include <fmt/format.h>

#include "hyper/demos/harness/digest.h"

namespace weft::demo {
namespace {

constexpr const char *kSum = "sha256", *kFormat = "format", *kFormatName = "weft run 1";

}  // namespace

void save_verified(const std::filesystem::path& path, const TensorMap& tensors) {
  save_safetensors(path, tensors, {{kFormat, kFormatName}, {kSum, digest_of(tensors)}});
}

TensorMap load_verified(const std::filesystem::path& path) {
  Safetensors file = load_safetensors(path, cpu);
  if (file.metadata[kFormat] != kFormatName) {
    throw FileError(fmt::format("'{}': no checkpoint of a run: its format is '{}', not '{}'", path.string(),
                                file.metadata[kFormat], kFormatName));
  }
  if (file.metadata[kSum] != digest_of(file.tensors)) {
    throw FileError(
        fmt::format("'{}': damaged: its data do not have the sum that was written with them", path.string()));
  }
  return std::move(file.tensors);
}

}  // namespace weft::demo
