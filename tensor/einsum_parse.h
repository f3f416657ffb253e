// tensor/einsum_parse.h: what an einsum equation says, with its ellipsis spelled out
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "tensor/tensor.h"

namespace weft {

/// 0..25 for A-Z, 26..51 for a-z, and from 52 the axes of an ellipsis, counted from its right end: that is how they
/// broadcast.
using EinsumLabels = std::vector<int>;
inline constexpr int kEllipsisLabel = 52;

struct EinsumTerms {
  std::vector<EinsumLabels> inputs;  ///< one label an axis
  EinsumLabels output;               ///< each label once
};

/// Without "->" the output is the ellipsis, then every letter that stands once, in alphabetical order.
/// Throws: everything that is wrong with the equation itself, and ranks that do not fit it.
EinsumTerms parse_einsum(std::string_view equation, const std::vector<Tensor>& operands);

/// "i", or "axis -2 of the ellipsis".
std::string label_name(int label);

}  // namespace weft
