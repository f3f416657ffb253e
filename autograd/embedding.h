// autograd/embedding.h: rows of a table by number, recorded; the index is a constant
#pragma once
#include <optional>

#include "autograd/variable.h"
#include "tensor/embedding.h"

namespace weft {

/// As embedding(weight, index) of tensors. The row `padding_idx` (negative: from the end) is read but gets no gradient.
/// Throws: as that function, or padding_idx out of range.
Variable embedding(const Variable& weight, const Tensor& index, std::optional<int64_t> padding_idx = {});

}  // namespace weft
