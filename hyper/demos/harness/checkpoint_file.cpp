// hyper/demos/harness/checkpoint_file.cpp: tensors with their sum
#include "hyper/demos/harness/checkpoint_file.h"

#include <fmt/format.h>

#include <span>

#include "datasets/fetch/sha256.h"

namespace weft::demo {
namespace {

constexpr const char *kSum = "sha256", *kFormat = "format", *kFormatName = "weft run 1";

void add_text(fetch::Sha256& sum, const std::string& text) {
  sum.update({reinterpret_cast<const uint8_t*>(text.data()), text.size()});
}

std::string sum_of(const TensorMap& tensors) {
  fetch::Sha256 sum;
  for (const auto& [name, tensor] : tensors) {
    const Tensor on_host = tensor.to(cpu).contiguous();
    add_text(sum, fmt::format("{} {} {}\n", name, name_of(on_host.dtype()), to_string(on_host.shape())));
    const auto* data = reinterpret_cast<const uint8_t*>(on_host.raw_data());
    sum.update({data, static_cast<size_t>(on_host.numel() * size_of(on_host.dtype()))});
  }
  return sum.hex();
}

}  // namespace

void save_verified(const std::filesystem::path& path, const TensorMap& tensors) {
  save_safetensors(path, tensors, {{kFormat, kFormatName}, {kSum, sum_of(tensors)}});
}

TensorMap load_verified(const std::filesystem::path& path) {
  Safetensors file = load_safetensors(path, cpu);
  if (file.metadata[kFormat] != kFormatName) {
    throw FileError(fmt::format("'{}': no checkpoint of a run: its format is '{}', not '{}'", path.string(),
                                file.metadata[kFormat], kFormatName));
  }
  if (file.metadata[kSum] != sum_of(file.tensors)) {
    throw FileError(
        fmt::format("'{}': damaged: its data do not have the sum that was written with them", path.string()));
  }
  return std::move(file.tensors);
}

}  // namespace weft::demo
