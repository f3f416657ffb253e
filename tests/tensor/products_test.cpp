// tests/tensor/products_test.cpp: products on plain tensors: what the op table, which calls them on Variables, leaves
// out
#include "tensor/products.h"

#include <doctest/doctest.h>

#include <cmath>

#include "tensor/create.h"
#include "tensor/einsum.h"
#include "tensor/matmul.h"

using namespace weft;

namespace {

const Tensor& a() {
  static const Tensor x = tensor<float>({1, 2, 3, 4, 5, 6}, Shape{2, 3});
  return x;
}
const Tensor& b() {
  static const Tensor x = tensor<float>({1, 0, 2, 1, 0, 3}, Shape{3, 2});
  return x;
}
std::vector<float> floats(const Tensor& x) { return x.to_vector<float>(); }

}  // namespace

TEST_CASE("products of tensors have the values that matmul gives") {
  const std::vector<float> product = {5, 11, 14, 23};
  CHECK(floats(mm(a(), b())) == product);
  CHECK(floats(bmm(a().unsqueeze(0), b().unsqueeze(0))) == product);
  CHECK(floats(einsum("ij,jk", {a(), b()})) == product);
  CHECK(floats(einsum("ij,kj->ki", {a(), b().transpose()})) == std::vector<float>{5, 14, 11, 23});
  CHECK(floats(tensordot(a(), b(), 1)) == product);
  CHECK(floats(tensordot(a(), b(), {1}, {0})) == product);
  CHECK(floats(mv(a(), tensor<float>({1, 1, 1}))) == std::vector<float>{6, 15});
  CHECK(dot(tensor<float>({1, 2}), tensor<float>({3, 4})).item() == 11);
  CHECK(floats(addmm(ones({2}), a(), b(), 2, -1)) == std::vector<float>{-3, -9, -12, -21});
  CHECK(floats(baddbmm(ones({2}), a().unsqueeze(0), b().unsqueeze(0))) == std::vector<float>{6, 12, 15, 24});
  CHECK(floats(outer(tensor<float>({1, 2}), tensor<float>({3, 4}))) == std::vector<float>{3, 4, 6, 8});
  CHECK(floats(kron(tensor<float>({1, 2}), tensor<float>({3, 4}))) == std::vector<float>{3, 4, 6, 8});
  CHECK(trace(a()).item() == 6);
}

TEST_CASE("addmm and baddbmm with beta = 0 do not read c") {
  const Tensor nan = full({2, 2}, NAN);
  CHECK(floats(addmm(nan, a(), b(), 0)) == floats(mm(a(), b())));
  CHECK(floats(baddbmm(nan, a().unsqueeze(0), b().unsqueeze(0), 0)) == floats(mm(a(), b())));
}

TEST_CASE("einsum of one operand may be a view, and leaves the operand alone") {
  const Tensor y = einsum("ij->ji", {a()});
  CHECK(y.shares_storage_with(a()));
  CHECK(y.shape() == Shape{3, 2});
}
