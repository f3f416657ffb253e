// autograd/pad.h: growing a tensor at its edges, recorded
#pragma once
#include "autograd/variable.h"
#include "tensor/pad.h"

namespace weft {

Variable pad(const Variable& x, std::span<const Padding> padding, Scalar value = 0);
inline Variable pad(const Variable& x, std::initializer_list<Padding> padding, Scalar value = 0) {
  return pad(x, std::span<const Padding>(padding.begin(), padding.size()), value);
}
/// An element that stands in several places gathers the gradient of all of them.
Variable pad(const Variable& x, std::span<const Padding> padding, PadMode mode);
inline Variable pad(const Variable& x, std::initializer_list<Padding> padding, PadMode mode) {
  return pad(x, std::span<const Padding>(padding.begin(), padding.size()), mode);
}

}  // namespace weft
