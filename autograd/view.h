// autograd/view.h: views and copies that record their derivative; names as the members of Tensor
#pragma once
#include <span>

#include "autograd/variable.h"
#include "tensor/join.h"

namespace weft {

Variable reshape(const Variable& x, const Shape& shape);
Variable flatten(const Variable& x, int64_t first = 0, int64_t last = -1);
Variable transpose(const Variable& x, int64_t axis0 = -2, int64_t axis1 = -1);
Variable permute(const Variable& x, const Axes& order);
Variable expand(const Variable& x, const Shape& shape);
Variable unsqueeze(const Variable& x, int64_t axis);
Variable squeeze(const Variable& x, int64_t axis);
Variable slice(const Variable& x, int64_t axis, int64_t start, int64_t end = kEnd, int64_t step = 1);
Variable select(const Variable& x, int64_t axis, int64_t index);
/// Between floating dtypes; the gradient is cast back.
Variable to(const Variable& x, DType dtype);

Variable cat(std::span<const Variable> xs, int64_t axis = 0);
inline Variable cat(std::initializer_list<Variable> xs, int64_t axis = 0) {
  return cat(std::span<const Variable>(xs.begin(), xs.size()), axis);
}
Variable stack(std::span<const Variable> xs, int64_t axis = 0);
inline Variable stack(std::initializer_list<Variable> xs, int64_t axis = 0) {
  return stack(std::span<const Variable>(xs.begin(), xs.size()), axis);
}

}  // namespace weft
