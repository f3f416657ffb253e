// nn/loss_checks.h: what losses check first
#pragma once
#include <string_view>

#include "autograd/variable.h"

namespace weft::nn {

/// Throws when shapes differ: nothing is broadcast.
void check_same_shape(std::string_view op, std::string_view name, const Variable& x, const Variable& target);

}  // namespace weft::nn
