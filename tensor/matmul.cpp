// tensor/matmul.cpp: every matrix product becomes one call with a single batch axis
#include "tensor/matmul.h"

#include <algorithm>

#include "tensor/backend.h"
#include "tensor/batched.h"
#include "tensor/checks.h"
#include "tensor/create.h"

namespace weft {
namespace {

void check_operands(const Tensor& a, const Tensor& b) {
  check_same_device("matmul", a, b);
  check_floating("matmul", a);
  check_floating("matmul", b);
  check_same_dtype("matmul", a, b);
  if (a.rank() == 0 || b.rank() == 0) {
    fail("matmul", "needs vectors or matrices: a is {}, b is {}; hint: mul multiplies by a number", a.describe(),
         b.describe());
  }
  const int64_t inner_a = a.size(-1), inner_b = b.rank() == 1 ? b.size(0) : b.size(-2);
  if (inner_a == inner_b) return;
  const bool b_is_turned = b.rank() > 1 && b.size(-1) == inner_a;
  fail("matmul", "inner sizes differ: a is {}, b is {}; hint: {}", a.describe(), b.describe(),
       b_is_turned ? "nn::Linear stores weight as [out, in], did you mean matmul(a, b.transpose())?"
                   : "the last axis of a meets the last but one of b");
}

/// An error shows both operands whole, not their batch axes alone.
void check_batches(const Tensor& a, const Tensor& b) {
  for (int64_t axis = 3; axis <= std::min(a.rank(), b.rank()); ++axis) {
    const int64_t size_a = a.size(-axis), size_b = b.size(-axis);
    if (size_a == size_b || size_a == 1 || size_b == 1) continue;
    fail("matmul", "cannot broadcast batch axes {} with {}: a is {}, b is {}", to_string(batch_of(a)),
         to_string(batch_of(b)), a.describe(), b.describe());
  }
}

/// a [..., m, k], b [..., k, n], both with at least two axes.
Tensor multiply(const Tensor& a, const Tensor& b) {
  check_batches(a, b);
  const Shape batch = broadcast_shapes("matmul", batch_of(a), batch_of(b));
  const int64_t m = a.size(-2), k = a.size(-1), n = b.size(-1);
  const Shape shape = with_matrix(batch, m, n);
  const TensorOptions options{.dtype = a.dtype(), .device = a.device()};
  if (k == 0) return zeros(shape, options);
  Tensor y = empty(shape, options);
  if (y.numel() == 0) return y;
  if (b.rank() == 2 && a.is_contiguous()) {  // one tall product instead of many small ones
    const int64_t rows = a.numel() / k;
    y.backend().matmul(a.reshape({1, rows, k}), b.unsqueeze(0), y.reshape({1, rows, n}));
  } else {
    y.backend().matmul(one_batch_axis(a, batch), one_batch_axis(b, batch), y.reshape({numel_of(batch), m, n}));
  }
  return y;
}

}  // namespace

Tensor matmul(const Tensor& a, const Tensor& b) {
  check_operands(a, b);
  const Tensor y = multiply(a.rank() == 1 ? a.unsqueeze(0) : a, b.rank() == 1 ? b.unsqueeze(1) : b);
  Shape shape = y.shape();
  if (b.rank() == 1) shape.erase(shape.size() - 1);
  if (a.rank() == 1) shape.erase(shape.size() - (b.rank() == 1 ? 1 : 2));
  return y.reshape(shape);
}

}  // namespace weft
