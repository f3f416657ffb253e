// hyper/demos/harness/checkpoint_file.cpp: tensors with their sum
#include "hyper/demos/harness/checkpoint_file.h"

#include <fmt/format.h>

#include "hyper/demos/harness/digest.h"
#include "tensor/program/version.h"

namespace weft::demo {
namespace {

constexpr const char *kSum = "sha256", *kFormat = "format", *kFormatFamily = "weft run ", *kFormatName = "weft run 2",
                     *kWriter = "writer";

}  // namespace

void save_verified(const std::filesystem::path& path, const TensorMap& tensors) {
  const std::string writer = fmt::format("weft {}, git {}", program::version(), program::git_id());
  save_safetensors(path, tensors, {{kFormat, kFormatName}, {kWriter, writer}, {kSum, digest_of(tensors)}});
}

TensorMap load_verified(const std::filesystem::path& path) {
  Safetensors file = load_safetensors(path, cpu);
  const std::string& format = file.metadata[kFormat];
  if (!format.starts_with(kFormatFamily)) {
    throw FileError(
        fmt::format("'{}': no checkpoint of a run: its format is '{}', not '{}'", path.string(), format, kFormatName));
  }
  if (format != kFormatName) {
    const std::string& writer = file.metadata[kWriter];
    throw OtherFormat(fmt::format(
        "'{}': its format is '{}', this program reads '{}'; hint: go on with {}, or begin a new run", path.string(),
        format, kFormatName, writer.empty() ? "the version of Weft that the run's config.json names" : writer));
  }
  if (file.metadata[kSum] != digest_of(file.tensors)) {
    throw FileError(
        fmt::format("'{}': damaged: its data do not have the sum that was written with them", path.string()));
  }
  return std::move(file.tensors);
}

}  // namespace weft::demo
