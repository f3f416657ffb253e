// autograd/matmul.cpp: matrix products and their derivatives
//
//   y = a b                  da = dy b^T        db = a^T dy                          saves a, b
//   y = x W^T + bias         dx = dy W          dW = dy^T x        dbias = sum dy    saves x, W
// Leading axes that were broadcast are summed over. Into a matrix, all leading axes are rows of one product.
#include "autograd/matmul.h"

#include "autograd/elementwise.h"
#include "autograd/node.h"
#include "autograd/reduce.h"
#include "autograd/view.h"

namespace weft {
namespace {

/// All leading axes as rows of one matrix.
Variable as_rows(const Variable& x, int64_t columns) {
  int64_t rows = 1;
  for (int64_t axis = 0; axis + 1 < x.rank(); ++axis) rows *= x.size(axis);
  return reshape(x, {rows, columns});
}

Variable as_rows(const Variable& x) { return as_rows(x, x.shape().back()); }

void matmul_backward(Node& n, const Variable& dy) {
  Variable a = n.input(0), b = n.input(1), dy2 = dy;
  if (a.rank() == 1) a = unsqueeze(a, 0);  // a vector stands for one row or one column, and its axis left y
  if (b.rank() == 1) b = unsqueeze(b, 1);
  if (n.input_shape(1).size() == 1) dy2 = unsqueeze(dy2, -1);
  if (n.input_shape(0).size() == 1) dy2 = unsqueeze(dy2, -2);

  if (n.wants(0) && n.input_shape(0).size() == 2 && b.rank() == 2) {
    n.add_grad_product(0, transpose(dy2), transpose(b));
  } else if (n.wants(0)) {
    const Variable da = matmul(dy2, transpose(b));
    n.add_grad(0, reshape(sum_to_size(da, a.shape()), n.input_shape(0)));
  }
  if (!n.wants(1)) return;
  if (n.input_shape(1).size() == 2) {
    n.add_grad_product(1, as_rows(a), as_rows(dy2));
  } else {
    const Variable db = matmul(transpose(a), dy2);
    n.add_grad(1, reshape(sum_to_size(db, b.shape()), n.input_shape(1)));
  }
}

void check_linear(const Variable& x, const Variable& weight, const Variable& bias) {
  if (weight.rank() != 2)
    fail("linear", "weight has {} axes: it is {}; hint: weight is [out, in]", weight.rank(), weight.value().describe());
  if (x.rank() < 1 || x.shape().back() != weight.size(1))
    fail("linear", "inner sizes differ: x is {}, weight is {}; hint: x is [..., in], weight is [out, in]",
         x.value().describe(), weight.value().describe());
  if (x.dtype() != weight.dtype() || !is_floating(x.dtype()))
    fail("linear", "x and weight need one floating dtype: x is {}, weight is {}; hint: use to(x, dtype)",
         x.value().describe(), weight.value().describe());
  if (x.device() != weight.device())
    fail("linear", "devices differ: x is {}, weight is {}; hint: use x.to(device) or Module::to(device)",
         x.value().describe(), weight.value().describe());
  if (!bias.defined()) return;
  if (bias.shape() != Shape{weight.size(0)} || bias.dtype() != x.dtype() || bias.device() != x.device())
    fail("linear", "bias does not fit: bias is {}, weight is {}; hint: bias is [out], of the same dtype and device",
         bias.value().describe(), weight.value().describe());
}

}  // namespace

Variable matmul(const Variable& a, const Variable& b) {
  return record("matmul", {a, b}, matmul(a.value(), b.value()), Saves::inputs(), matmul_backward);
}

Variable linear(const Variable& x, const Variable& weight, const Variable& bias) {
  check_linear(x, weight, bias);
  const Tensor rows = as_rows(stop_gradient(x)).value();
  const Tensor y = matmul(rows, weight.value().transpose());
  if (bias.defined()) y.add_(bias.value());
  Shape shape = x.shape();
  shape.back() = weight.size(0);
  const Saves saves = Saves::input(0) | Saves::input(1);
  return record("linear", {x, weight, bias}, y.reshape(shape), saves, [](Node& n, const Variable& dy) {
    const Variable rows = as_rows(dy);
    if (n.wants(0)) n.add_grad(0, reshape(matmul(rows, n.input(1)), n.input_shape(0)));
    if (n.wants(1)) n.add_grad_product(1, rows, as_rows(n.input(0)));
    if (n.wants(2)) n.add_grad(2, sum(rows, {0}));
  });
}

}  // namespace weft
