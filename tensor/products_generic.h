// tensor/products_generic.h: the functions of tensor/products.h, written once for Tensor and Variable
#pragma once
#include <algorithm>
#include <string_view>

#include "tensor/checks.h"
#include "tensor/view_functions.h"

namespace weft::products {

/// a has rank_a axes, b rank_b; the last axis of a meets the last but one of b, or its only one; batches are equal.
inline void check(std::string_view op, const Tensor& a, int64_t rank_a, const Tensor& b, int64_t rank_b) {
  check_rank(op, "a", a, rank_a);
  check_rank(op, "b", b, rank_b);
  check_same_device(op, a, b);
  check_floating(op, a);
  check_same_dtype(op, a, b);
  if (a.size(-1) != b.size(rank_b == 1 ? 0 : -2) || (rank_a == 3 && a.size(0) != b.size(0)))
    fail(op, "sizes do not fit: a is {}, b is {}", a.describe(), b.describe());
}

template <class X>
X product(std::string_view op, const X& a, int64_t rank_a, const X& b, int64_t rank_b) {
  check(op, value_of(a), rank_a, value_of(b), rank_b);
  return matmul(a, b);
}

/// addmm for two axes, baddbmm for three.
template <class X>
X add_product(std::string_view op, const X& c, const X& a, const X& b, double beta, double alpha) {
  const Tensor &av = value_of(a), &bv = value_of(b), &cv = value_of(c);
  const int64_t rank = op == "addmm" ? 2 : 3;
  check(op, av, rank, bv, rank);
  check_same_device(op, cv, av);
  check_same_dtype(op, cv, av);
  Shape shape = av.shape();
  shape.back() = bv.size(-1);
  broadcast_to(op, cv, shape);
  const X product = matmul(a, b), scaled = alpha == 1 ? product : product * Scalar(alpha);
  if (beta == 0) return scaled;
  return (beta == 1 ? c : c * Scalar(beta)) + scaled;
}

template <class X>
X outer(const X& a, const X& b) {
  check_rank("outer", "a", value_of(a), 1);
  check_rank("outer", "b", value_of(b), 1);
  check_same_device("outer", value_of(a), value_of(b));
  return unsqueeze(a, 1) * b;
}

/// y[i k, j l] = a[i, j] b[k, l]: a as [i, 1, j, 1] times b as [1, k, 1, l].
template <class X>
X kron(const X& a, const X& b) {
  const Tensor &av = value_of(a), &bv = value_of(b);
  check_same_device("kron", av, bv);
  const int64_t rank = std::max(av.rank(), bv.rank());
  if (2 * rank > Dims::kMaxRank)
    fail("kron", "takes at most {} axes: a is {}, b is {}", Dims::kMaxRank / 2, av.describe(), bv.describe());
  Shape shape_a, shape_b, shape;
  for (int64_t axis = -rank; axis < 0; ++axis) {
    const int64_t size_a = -axis <= av.rank() ? av.size(axis) : 1, size_b = -axis <= bv.rank() ? bv.size(axis) : 1;
    shape_a.push_back(size_a);
    shape_a.push_back(1);
    shape_b.push_back(1);
    shape_b.push_back(size_b);
    shape.push_back(numel_of({size_a, size_b}, "kron"));
  }
  check_allocatable("kron", shape, promote(av.dtype(), bv.dtype()));
  return reshape(reshape(a, shape_a) * reshape(b, shape_b), shape);
}

template <class X>
X trace(const X& x) {
  check_rank("trace", "x", value_of(x), 2);
  return sum(diagonal(x));
}

}  // namespace weft::products
