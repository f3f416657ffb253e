// tests/tensor/linalg_test.cpp: factorisations multiply up to what was factored; strides, signs, singular matrices
#include "tensor/linalg.h"

#include <doctest/doctest.h>

#include <cmath>

#include "autograd/linalg.h"
#include "autograd/reduce.h"
#include "autograd/tape.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"
#include "tensor/matmul.h"
#include "tensor/random.h"
#include "tensor/reduce.h"
#include "tensor/threads.h"
#include "tests/tensor/doubles.h"
#include "tests/tensor/throws.h"

using namespace weft;

namespace {

Tensor random_matrices(const Shape& shape, DType dtype = DType::float64) {
  RandomStream stream(7, 0);
  return random_normal(shape, stream, 0, 1, {.dtype = dtype});
}

double largest(const Tensor& x) { return max(abs(x)).item(); }

/// 1 on and below the diagonal.
Tensor lower_ones(int64_t n) {
  const Tensor index = arange(0, n);
  return greater_equal(index.unsqueeze(1), index.unsqueeze(0)).to(DType::float64);
}

}  // namespace

TEST_CASE("cholesky: the factor is lower and multiplies up; the upper triangle is not read") {
  const Tensor root = random_matrices({3, 20, 20});
  const Tensor x = matmul(root, root.transpose()) + eye(20, kDouble);
  const Tensor y = cholesky(x);
  CHECK(largest(matmul(y, y.transpose()) - x) < 1e-12 * largest(x));
  CHECK(largest(y - y * lower_ones(20)) == 0);
  const Tensor half = x * lower_ones(20);
  CHECK(largest(cholesky(half) - y) == 0);
  const Tensor turned = x.transpose(0, 2).contiguous().transpose(0, 2);  // the same matrices, other strides
  CHECK(largest(cholesky(turned) - y) == 0);
}

TEST_CASE("solve and inv: residuals are small, in both dtypes and for batches") {
  for (const DType dtype : {DType::float32, DType::float64}) {
    const double tolerance = dtype == DType::float32 ? 1e-4 : 1e-11;
    const Tensor a = random_matrices({2, 3, 30, 30}, dtype), b = random_matrices({3, 30, 4}, dtype);
    const Tensor y = solve(a, b);
    CHECK(y.shape() == Shape{2, 3, 30, 4});
    CHECK(largest(matmul(a, y) - b) < tolerance);
    CHECK(largest(matmul(inv(a), a) - eye(30, {.dtype = dtype})) < tolerance);
    CHECK(largest(solve(a.transpose(), b) - matmul(inv(a).transpose(), b)) < 10 * tolerance);
  }
}

TEST_CASE("solve_triangular reads one triangle only, on either side") {
  const Tensor nan_above = where(lower_ones(3).to(DType::boolean),
                                 tensor<double>({2, 0, 0, 1, 4, 0, 3, 5, 8}, Shape{3, 3}), scalar(NAN, kDouble));
  const Tensor b = tensor<double>({2, 9, 37}, Shape{3, 1});
  CHECK(solve_triangular(nan_above, b, {.upper = false}).to_vector<double>() == std::vector<double>{1, 2, 3});
  CHECK(solve_triangular(nan_above.transpose(), b.transpose(), {.upper = true, .left = false}).to_vector<double>() ==
        std::vector<double>{1, 2, 3});
  CHECK(solve_triangular(nan_above, b, {.upper = false, .unitriangular = true}).to_vector<double>() ==
        std::vector<double>{2, 7, -4});
}

TEST_CASE("qr: orthonormal, upper, and x is the product, for every shape") {
  for (const Shape& shape : {Shape{1, 1}, Shape{5, 5}, Shape{20, 7}, Shape{7, 20}, Shape{2, 3, 6, 4}, Shape{4, 1}}) {
    CAPTURE(to_string(shape));
    const Tensor x = random_matrices(shape);
    const auto [q, r] = qr(x);
    const int64_t k = std::min(x.size(-2), x.size(-1));
    CHECK(q.size(-1) == k);
    CHECK(r.size(-2) == k);
    CHECK(largest(matmul(q.transpose(), q) - eye(k, kDouble)) < 1e-14 * 100);
    CHECK(largest(matmul(q, r) - x) < 1e-13);
    const Tensor square = r.slice(-1, 0, k);
    CHECK(largest(square.transpose() - square.transpose() * lower_ones(k)) == 0);
  }
}

TEST_CASE("qr: columns of zeros, huge and tiny numbers") {
  const auto [q, r] = qr(zeros({3, 2}, kDouble));
  CHECK(q.to_vector<double>() == std::vector<double>{1, 0, 0, 1, 0, 0});
  CHECK(largest(r) == 0);
  for (const double size : {1e200, 1e-200}) {
    const Tensor x = random_matrices({6, 3}) * size;
    const auto [q2, r2] = qr(x);
    CHECK(largest((matmul(q2, r2) - x) / size) < 1e-13);
  }
}

TEST_CASE("qr of matrices with no rows or no columns") {
  CHECK(qr(zeros({0, 3})).q.shape() == Shape{0, 0});
  CHECK(qr(zeros({0, 3})).r.shape() == Shape{0, 3});
  CHECK(qr(zeros({3, 0})).q.shape() == Shape{3, 0});
  CHECK(qr(zeros({3, 0})).r.shape() == Shape{0, 0});
}

TEST_CASE("det and slogdet: signs, singular and empty matrices, no overflow") {
  const Tensor swap = tensor<double>({0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 2, 0, 2, 0, 0, 0, 0, 2}, Shape{2, 3, 3});
  CHECK(det(swap).to_vector<double>() == std::vector<double>{1, -8});
  CHECK(slogdet(swap).sign.to_vector<double>() == std::vector<double>{1, -1});
  const Tensor singular = tensor<double>({1, 2, 2, 4}, Shape{2, 2});
  CHECK(det(singular).item() == 0);
  CHECK(slogdet(singular).sign.item() == 0);
  CHECK(slogdet(singular).logabsdet.item() == -INFINITY);
  CHECK(det(zeros({0, 0})).item() == 1);
  CHECK(slogdet(zeros({0, 0})).logabsdet.item() == 0);
  CHECK(det(zeros({2, 0, 0})).shape() == Shape{2});
  CHECK(slogdet(eye(400, kDouble) * 10.0).logabsdet.item() == doctest::Approx(400 * std::log(10.0)));
  const Tensor x = random_matrices({4, 4}), y = random_matrices({8, 4}).slice(0, 4, 8);
  CHECK(det(matmul(x, y)).item() == doctest::Approx(det(x).item() * det(y).item()).epsilon(1e-10));
}

TEST_CASE("the derivative of the determinant of a singular matrix: its cofactors") {
  const auto difference = [](const std::vector<double>& x, const std::vector<double>& cofactors, int64_t n) {
    Tape tape;
    const Variable matrix = watch(from_data(x, {n, n}, default_device()));
    tape.backward(det(matrix));
    return max(abs(matrix.grad() - from_data(cofactors, {n, n}, default_device()))).item();
  };
  CHECK(difference({0}, {1}, 1) == 0);
  CHECK(difference({1, 2, 2, 4}, {4, -2, -2, 1}, 2) == 0);
  CHECK(difference({1, 2, 3, 4, 5, 6, 7, 8, 9}, {-3, 6, -3, 6, -12, 6, -3, 6, -3}, 3) < 1e-13);
  CHECK(difference({1, 2, 3, 2, 4, 6, 3, 6, 9}, std::vector<double>(9, 0), 3) == 0);  // of rank n - 2
  CHECK(difference(std::vector<double>(16, 0), std::vector<double>(16, 0), 4) == 0);
}

TEST_CASE("the derivative of log|det| of a singular matrix is refused, not made up") {
  Tape tape;
  const Variable x = watch(tensor<double>({1, 2, 2, 4}, Shape{2, 2}));
  CHECK_FAILS(tape.backward(slogdet(x).logabsdet), "inv: matrix 0 of the batch is singular");
}

TEST_CASE("linear algebra gives the same bits for any number of threads") {
  const Tensor x = random_matrices({50, 12, 12}, DType::float32);
  const int before = num_threads();
  std::vector<std::vector<float>> results;
  for (const int threads : {1, 4}) {
    set_num_threads(threads);
    results.push_back(inv(x).to_vector<float>());
    results.push_back(qr(x).r.to_vector<float>());
  }
  set_num_threads(before);
  CHECK(results[0] == results[2]);
  CHECK(results[1] == results[3]);
}
