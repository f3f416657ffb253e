// autograd/triangle.cpp: diagonals and triangles, and their derivatives; nothing is saved
//
//   y = tril(x, k), triu(x, k)      dx = tril(dy, k), triu(dy, k)
//   y = diagonal(x)                 dx = zeros with dy on that diagonal
//   y = diag_embed(x)               dx = diagonal(dy)
#include "autograd/triangle.h"

#include "autograd/broadcast.h"
#include "autograd/node.h"
#include "tensor/create.h"

namespace weft {
namespace {

/// Zeros of `shape` with x on a diagonal: the adjoint of diagonal, which need not be square.
Variable on_diagonal(const Variable& x, const Shape& shape, int64_t offset, int64_t axis0, int64_t axis1) {
  const Tensor y = zeros_for(shape, x);
  diagonal(y, offset, axis0, axis1).copy_(x.value());
  return record("diag_embed", {x}, y, Saves::nothing(),
                [=](Node& n, const Variable& dy) { n.add_grad(0, diagonal(dy, offset, axis0, axis1)); });
}

}  // namespace

Variable tril(const Variable& x, int64_t k) {
  return record("tril", {x}, tril(x.value(), k), Saves::nothing(),
                [k](Node& n, const Variable& dy) { n.add_grad(0, tril(dy, k)); });
}

Variable triu(const Variable& x, int64_t k) {
  return record("triu", {x}, triu(x.value(), k), Saves::nothing(),
                [k](Node& n, const Variable& dy) { n.add_grad(0, triu(dy, k)); });
}

Variable diagonal(const Variable& x, int64_t offset, int64_t axis0, int64_t axis1) {
  return record(
      "diagonal", {x}, diagonal(x.value(), offset, axis0, axis1), Saves::nothing(),
      [=](Node& n, const Variable& dy) { n.add_grad(0, on_diagonal(dy, n.input_shape(0), offset, axis0, axis1)); });
}

Variable diag_embed(const Variable& x, int64_t offset, int64_t axis0, int64_t axis1) {
  return on_diagonal(x, diag_embed_shape(x.value(), offset, axis0, axis1), offset, axis0, axis1);
}

Variable diag(const Variable& x, int64_t offset) {
  if (x.defined() && x.rank() == 1) return diag_embed(x, offset);
  diag(x.value(), offset);  // in its own words
  return diagonal(x, offset);
}

}  // namespace weft
