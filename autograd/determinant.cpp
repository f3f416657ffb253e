// autograd/determinant.cpp: determinants and their derivatives
//
//   y = det(x)          dx = dy cofactors(x)        saves x, y
//   y = log|det(x)|     dx = dy x^-T                saves x
//
// cofactors(x) is y x^-T where x has an inverse. Where it has none, or only one of rounding errors, each cofactor is a
// determinant: that of x without row i and column j, with the sign (-1)^(i + j). Both forms can be differentiated
// again.
#include "autograd/linalg.h"

#include <vector>

#include "autograd/broadcast.h"
#include "autograd/elementwise.h"
#include "autograd/indexing.h"
#include "tensor/batched.h"
#include "tensor/linalg_generic.h"
#include "tensor/sort.h"

namespace weft {
namespace {

/// dy [...] times the transposed inverse of x [..., n, n].
Variable times_inverse(const Variable& dy, const Variable& x) {
  return unsqueeze(unsqueeze(dy, -1), -1) * transpose(inv(x));
}

/// [n, n - 1]: in row i every number below n but i.
Tensor all_but_one(int64_t n, Device device) {
  std::vector<int64_t> others;
  for (int64_t i = 0; i < n; ++i)
    for (int64_t j = 0; j < n; ++j)
      if (j != i) others.push_back(j);
  return from_data(others, {n, n - 1}, device);
}

/// [n, n]: 1 and -1 like a chessboard.
Tensor alternating_signs(int64_t n, const Variable& like) {
  std::vector<double> signs;
  for (int64_t i = 0; i < n; ++i)
    for (int64_t j = 0; j < n; ++j) signs.push_back((i + j) % 2 == 0 ? 1 : -1);
  return from_data(signs, {n, n}, like.device()).to(like.dtype());
}

/// x [b, n, n] -> its cofactors, from n^2 determinants a matrix.
Variable cofactors(const Variable& x) {
  const int64_t b = x.size(0), n = x.size(-1);
  const Tensor others = all_but_one(n, x.device());
  std::vector<Variable> rows;
  for (int64_t i = 0; i < n; ++i) {
    const Variable without_row = index_select(x, 1, others.select(0, i));
    const Variable minors = reshape(index_select(without_row, 2, others.reshape({n * (n - 1)})), {b, n - 1, n, n - 1});
    rows.push_back(det(transpose(minors, 1, 2)));
  }
  return stack(rows, 1) * alternating_signs(n, x);
}

/// The gradient of x [..., n, n] from that of y = det(x): matrices with an inverse apart from the others.
Variable det_gradient(const Variable& dy, const Variable& y, const Variable& x) {
  if (x.numel() == 0) return zeros_for(x.shape(), x);
  const Tensor singular = linalg::is_singular(x.value());
  if (!any(singular).item<bool>()) return times_inverse(dy * y, x);
  const int64_t b = singular.numel(), n = x.size(-1);
  const Tensor flat = singular.reshape({b});
  const Tensor ill = nonzero(flat).select(1, 0), well = nonzero(logical_not(flat)).select(1, 0);
  const Variable matrices = reshape(x, {b, n, n}), ys = reshape(y, {b}), dys = reshape(dy, {b});
  const auto of_ill =
      reshape(index_select(dys, 0, ill), {ill.numel(), 1, 1}) * cofactors(index_select(matrices, 0, ill));
  const auto of_well = times_inverse(index_select(dys * ys, 0, well), index_select(matrices, 0, well));
  return reshape(index_select(cat({of_ill, of_well}), 0, argsort(cat({ill, well}))), x.shape());
}

}  // namespace

Variable det(const Variable& x) {
  const Saves saves = Saves::input(0) | Saves::output();
  return record("det", {x}, det(x.value()), saves,
                [](Node& n, const Variable& dy) { n.add_grad(0, det_gradient(dy, n.output(), n.input(0))); });
}

SlogDet<Variable> slogdet(const Variable& x) {
  const SlogDet<Tensor> y = slogdet(x.value());
  return {y.sign, record("slogdet", {x}, y.logabsdet, Saves::input(0),
                         [](Node& n, const Variable& dy) { n.add_grad(0, times_inverse(dy, n.input(0))); })};
}

}  // namespace weft
