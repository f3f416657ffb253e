// nn/flatten.cpp: layers that change only the shape
#include "nn/flatten.h"

#include "autograd/view.h"
#include "tensor/checks.h"

namespace weft::nn {

Variable Flatten::operator()(const Variable& x) { return flatten(x, start_dim_, end_dim_); }

Variable Unflatten::operator()(const Variable& x) {
  const int64_t dim = normalize_axis("Unflatten", dim_, x.value());
  int64_t known = 1, open = 0;
  for (const int64_t size : sizes_) {
    if (size == -1) ++open;
    else if (size < 1 || __builtin_mul_overflow(known, size, &known)) open = 2;
  }
  const int64_t whole = x.size(dim);
  if (open > 1 || whole % known != 0 || (open == 0 && known != whole)) {
    fail("Unflatten", "axis {} cannot be cut into {}: x is {}", dim, to_string(sizes_), x.value().describe());
  }
  Shape shape;
  for (int64_t axis = 0; axis < x.rank(); ++axis) {
    if (axis != dim) shape.push_back(x.size(axis));
    else
      for (const int64_t size : sizes_) shape.push_back(size == -1 ? whole / known : size);
  }
  return reshape(x, shape);
}

}  // namespace weft::nn
