// tests/tensor/matmul_test.cpp: shapes of matrix products, against three loops
#include "tensor/matmul.h"

#include <cmath>

#include "tensor/create.h"
#include "tensor/random.h"
#include "tests/tensor/throws.h"

using namespace weft;

namespace {

/// Every element of y = a b within rounding; both have three axes.
void check_product(const Tensor& a, const Tensor& b, const Tensor& y) {
  const int64_t k = a.size(-1);
  const auto va = a.to_vector<double>(), vb = b.to_vector<double>(), vy = y.to_vector<double>();
  const int64_t batch = y.size(0), m = y.size(1), n = y.size(2);
  REQUIRE(std::ssize(vy) == batch * m * n);
  for (int64_t i = 0; i < batch * m * n; ++i) {
    const int64_t sample = i / (m * n), row = i / n % m, column = i % n;
    double expected = 0;
    for (int64_t p = 0; p < k; ++p) expected += va[(sample * m + row) * k + p] * vb[(sample * k + p) * n + column];
    CHECK(std::fabs(vy[i] - expected) < 1e-12);
  }
}

}  // namespace

TEST_CASE("matmul over every mix of batch axes and layouts") {
  RandomStream stream(1, 0);
  const TensorOptions options{.dtype = DType::float64};
  const Tensor a = random_normal({6, 5, 4}, stream, 0, 1, options);
  const Tensor b = random_normal({6, 4, 3}, stream, 0, 1, options);
  check_product(a, b, matmul(a, b));
  check_product(a.transpose().contiguous().transpose(), b, matmul(a.transpose().contiguous().transpose(), b));
  const Tensor shared = b.select(0, 2);
  check_product(a, shared.expand({6, 4, 3}), matmul(a, shared));
  const Tensor turned = a.transpose(0, 1).contiguous().transpose(0, 1);
  check_product(turned, shared.expand({6, 4, 3}), matmul(turned, shared));
  check_product(a.select(0, 0).expand({6, 5, 4}), b, matmul(a.select(0, 0), b));
  const Tensor y = matmul(a.reshape({2, 3, 5, 4}), b.reshape({2, 3, 4, 3}).slice(0, 0, 1));
  CHECK(y.shape() == Shape{2, 3, 5, 3});
  check_product(a.slice(0, 3, 6), b.slice(0, 0, 3), y.select(0, 1));
}

TEST_CASE("vectors lose the axis they lent") {
  const Tensor v = tensor<float>({1, 2});
  const Tensor a = tensor<float>({1, 2, 3, 4}, Shape{2, 2});
  CHECK(matmul(v, v).item() == 5);
  CHECK(matmul(v, v).rank() == 0);
  CHECK(matmul(a, v).to_vector<float>() == std::vector<float>{5, 11});
  CHECK(matmul(v, a).to_vector<float>() == std::vector<float>{7, 10});
  CHECK(matmul(a.expand({3, 2, 2}), v).shape() == Shape{3, 2});
  CHECK(matmul(v, a.expand({3, 2, 2})).shape() == Shape{3, 2});
}

TEST_CASE("empty products") {
  CHECK(matmul(zeros({2, 0}), zeros({0, 3})).to_vector<float>() == std::vector<float>(6, 0));
  CHECK(matmul(zeros({0, 2}), zeros({2, 3})).shape() == Shape{0, 3});
  CHECK(matmul(zeros({0, 2, 2}), zeros({2, 3})).shape() == Shape{0, 2, 3});
}

TEST_CASE("matmul errors") {
  CHECK_FAILS(matmul(zeros({32, 784}), zeros({10, 784})),
              "matmul: inner sizes differ: a is [32, 784] float32 cpu, b is [10, 784] float32 cpu; hint: nn::Linear "
              "stores weight as [out, in], did you mean matmul(a, b.transpose())?");
  CHECK_FAILS(matmul(zeros({2, 3}), zeros({4, 5})), "inner sizes differ");
  CHECK_FAILS(matmul(scalar(1), zeros({1})), "needs vectors or matrices");
  CHECK_FAILS(
      matmul(zeros({2, 2, 3}), zeros({3, 3, 1})),
      "matmul: cannot broadcast batch axes [2] with [3]: a is [2, 2, 3] float32 cpu, b is [3, 3, 1] float32 cpu");
  CHECK_FAILS(matmul(tensor<int64_t>({1}), tensor<int64_t>({1})), "needs a floating dtype");
  CHECK_FAILS(matmul(zeros({1}), zeros({1}, {.dtype = DType::float64})), "dtypes differ");
  CHECK_FAILS(matmul(zeros({1}), zeros({1}).to(reference)), "devices differ");
}
