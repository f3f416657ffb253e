// hyper/demos/harness/digest.cpp: SHA-256 over tensors
#include "hyper/demos/harness/digest.h"

#include <fmt/format.h>

#include "datasets/fetch/sha256.h"
#include "tensor/create.h"

namespace weft::demo {

std::string digest_of(const TensorMap& tensors) {
  fetch::Sha256 sum;
  for (const auto& [name, tensor] : tensors) {
    const Tensor on_host = tensor.to(cpu).contiguous();
    const std::string heading = fmt::format("{} {} {}\n", name, name_of(on_host.dtype()), to_string(on_host.shape()));
    sum.update({reinterpret_cast<const uint8_t*>(heading.data()), heading.size()});
    const auto* data = reinterpret_cast<const uint8_t*>(on_host.raw_data());
    sum.update({data, static_cast<size_t>(on_host.numel() * size_of(on_host.dtype()))});
  }
  return sum.hex();
}

Tensor tensor_of_text(const std::string& text) {
  const std::vector<uint8_t> bytes(text.begin(), text.end());
  return from_data(bytes, {std::ssize(bytes)}, cpu);
}

}  // namespace weft::demo
