// hyper/demos/harness/digest.h: the sum that tells whether two runs had the same tensors
#pragma once
#include <string>

#include "tensor/safetensors.h"

namespace weft::demo {

/// SHA-256, 64 hexadecimal digits, of the tensors in the order of their names: of each "name dtype shape\n", then its
/// elements as they lie in a contiguous tensor of the host.
std::string digest_of(const TensorMap& tensors);

/// A text as a tensor: its bytes.
Tensor tensor_of_text(const std::string& text);

}  // namespace weft::demo
