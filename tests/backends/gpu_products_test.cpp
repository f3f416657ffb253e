// tests/backends/gpu_products_test.cpp: tiles, their edges, and shared depth, where the op table's shapes are too small
//
// On every device that runs our kernels: a card where there is one, and the emulator.
#include <doctest/doctest.h>

#include <vector>

#include "tensor/backend.h"
#include "tensor/conv.h"
#include "tensor/create.h"
#include "tensor/linalg.h"
#include "tensor/matmul.h"
#include "tensor/pool.h"
#include "tests/backends/against_reference.h"
#include "tests/backends/cards.h"
#include "tests/backends/relative_error.h"

using namespace weft;
using namespace weft::test;

namespace {

double tolerated(DType dtype) { return dtype == DType::float32 ? 2e-5 : 1e-12; }

/// The same view of the same elements, on another device.
Tensor moved(const Tensor& x, Device device) {
  int64_t last = 0;
  for (int64_t axis = 0; axis < x.rank(); ++axis) last += (x.size(axis) - 1) * x.strides()[axis];
  return x.as_strided({last + 1}, {1}, x.offset()).to(device).as_strided(x.shape(), x.strides(), 0);
}

struct ConvolutionCase {
  Shape x, weight;
  Window2d window;
  int64_t groups = 1;
};

}  // namespace

TEST_CASE("kernels: products of every tile size, at its edges, and of depth that blocks share") {
  const std::vector<Shape> sizes = {{1, 1, 1},     {5, 9, 7},     {16, 256, 8}, {17, 257, 9}, {32, 64, 100},
                                    {33, 63, 65},  {64, 64, 64},  {65, 130, 7}, {1, 300, 50}, {300, 1, 50},
                                    {9, 20, 5000}, {70, 3, 2050}, {1, 1, 3000}};
  for (const Device device : cards())
    for (const Shape& s : sizes)
      for (const DType dtype : {DType::float32, DType::float64})
        for (const int turned : {0, 1, 2, 3}) {
          CAPTURE(to_string(device));
          CAPTURE(to_string(s));
          CAPTURE(turned);
          const Tensor a = turned & 1 ? normal({s[2], s[0]}, dtype).transpose() : normal({s[0], s[2]}, dtype);
          const Tensor b = turned & 2 ? normal({s[1], s[2]}, dtype).transpose() : normal({s[2], s[1]}, dtype);
          CHECK(relative_error(matmul(moved(a, device), moved(b, device)), matmul(a, b)) < tolerated(dtype));
        }
}

TEST_CASE("kernels: large tiles, batches, and strides that no library takes") {
  for (const Device device : cards()) {
    CAPTURE(to_string(device));
    const Tensor a = normal({1500, 40}), b = normal({40, 1410});
    CHECK(relative_error(matmul(moved(a, device), moved(b, device)), matmul(a, b)) < 2e-5);
    const Tensor many = normal({7, 20, 33}), shared = normal({33, 70}).expand({7, 33, 70});
    CHECK(relative_error(matmul(moved(many, device), moved(shared, device)), matmul(many, shared)) < 2e-5);
    const Tensor other = normal({40, 66}).slice(1, 0, 66, 2), row = normal({1, 33}).expand({25, 33}).transpose();
    CHECK(relative_error(matmul(moved(other, device), moved(row, device)), matmul(other, row)) < 2e-5);
  }
}

TEST_CASE("kernels: convolutions equal the cpu's, through tiles and element by element") {
  const std::vector<ConvolutionCase> cases = {
      {{2, 1, 9, 9}, {16, 1, 7, 7}, {{1, 1}, {3, 3}}},
      {{3, 16, 12, 11}, {16, 16, 3, 3}, {{1, 1}, {1, 1}}},
      {{3, 16, 12, 11}, {40, 16, 3, 3}, {{2, 2}, {1, 1}}},
      {{2, 5, 9, 30}, {70, 5, 1, 1}, {}},
      {{2, 6, 10, 9}, {9, 2, 3, 2}, {{1, 3}, {2, 0}, {2, 1}}, 3},
      {{2, 12, 8, 8}, {12, 1, 3, 3}, {{1, 2}, {1, 1}}, 12},
      {{2, 24, 6, 7}, {36, 8, 2, 3}, {{2, 1}, {0, 2}, {1, 2}}, 3},
      {{5, 4, 20, 20}, {5, 4, 3, 3}, {{1, 1}, {1, 1}}},
      {{1, 3, 6, 6}, {2, 3, 6, 6}, {{1, 1}, {4, 5}}},
      {{2, 4, 1, 1}, {4, 4, 1, 1}, {{int64_t{1} << 40, 1}, {int64_t{1} << 40, 0}}},
  };
  for (const Device device : cards())
    for (size_t i = 0; i < cases.size(); ++i)
      for (const DType dtype : {DType::float32, DType::float64}) {
        const auto& [x_shape, weight_shape, window, groups] = cases[i];
        CAPTURE(to_string(device));
        CAPTURE(i);
        const Tensor x = normal(x_shape, dtype), weight = normal(weight_shape, dtype);
        const Tensor y = conv2d(x, weight, window, groups), dy = normal(y.shape(), dtype);
        const Shape image{x_shape[2], x_shape[3]}, kernel{weight_shape[2], weight_shape[3]};
        const Tensor our_x = x.to(device), our_weight = weight.to(device), our_dy = dy.to(device);
        CHECK(relative_error(conv2d(our_x, our_weight, window, groups), y) < tolerated(dtype));
        CHECK(relative_error(conv2d_input_gradient(our_dy, our_weight, image, window, groups),
                             conv2d_input_gradient(dy, weight, image, window, groups)) < tolerated(dtype));
        CHECK(relative_error(conv2d_weight_gradient(our_x, our_dy, kernel, window, groups),
                             conv2d_weight_gradient(x, dy, kernel, window, groups)) < tolerated(dtype));
      }
}

TEST_CASE("kernels: convolutions of strided operands, in large tiles, and the same bits each time") {
  for (const Device device : cards()) {
    CAPTURE(to_string(device));
    const Window2d window{{1, 1}, {1, 1}};
    const Tensor x = normal({3, 9, 8, 4}).permute({0, 3, 2, 1}), weight = normal({3, 3, 4, 5}).permute({3, 2, 1, 0});
    const Tensor dy = normal({3, 5, 1, 1}).expand({3, 5, 8, 9});
    const Tensor our_x = moved(x, device), our_weight = moved(weight, device), our_dy = moved(dy, device);
    CHECK(relative_error(conv2d(our_x, our_weight, window), conv2d(x, weight, window)) < 2e-5);
    CHECK(relative_error(conv2d_input_gradient(our_dy, our_weight, {8, 9}, window),
                         conv2d_input_gradient(dy, weight, {8, 9}, window)) < 2e-5);
    const Tensor dw = conv2d_weight_gradient(our_x, our_dy, {3, 3}, window);
    CHECK(relative_error(dw, conv2d_weight_gradient(x, dy, {3, 3}, window)) < 2e-5);
    CHECK(relative_error(dw, conv2d_weight_gradient(our_x, our_dy, {3, 3}, window)) == 0);

    const Tensor wide = normal({6, 3, 55, 52}), kernels = normal({130, 3, 2, 2});
    CHECK(relative_error(conv2d(wide.to(device), kernels.to(device)), conv2d(wide, kernels)) < 2e-5);
  }
}

TEST_CASE("kernels: factorisations of matrices beyond one warp") {
  for (const Device device : cards())
    for (const int64_t n : {1, 2, 31, 33, 70}) {
      CAPTURE(to_string(device));
      CAPTURE(n);
      const Tensor x = normal({2, n, n}, DType::float64), tall = normal({2, n + 5, n}, DType::float64);
      const Tensor spd = matmul(x, x.transpose()) + eye(n, {.dtype = DType::float64, .device = cpu});
      CHECK(relative_error(cholesky(spd.to(device)), cholesky(spd)) < 1e-10);
      const auto [q, r] = qr(tall);
      const auto [our_q, our_r] = qr(tall.to(device));
      CHECK(relative_error(our_q, q) < 1e-10);
      CHECK(relative_error(our_r, r) < 1e-10);
      const Tensor b = normal({2, n, 3}, DType::float64);
      CHECK(relative_error(solve(spd.to(device), b.to(device)), solve(spd, b)) < 1e-9);
    }
}
