// nn/reduction.h: what a loss makes of its elements
#pragma once
#include "autograd/variable.h"

namespace weft::nn {

/// batchmean: the sum divided by the size of axis 0; of kl_div only.
enum class Reduction : uint8_t { none, mean, sum, batchmean };

/// Throws: batchmean.
Variable reduced(std::string_view op, const Variable& losses, Reduction reduction);

}  // namespace weft::nn
