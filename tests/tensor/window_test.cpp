// tests/tensor/window_test.cpp: convolution and pooling: shapes, empties, errors
#include <limits>

#include "tensor/conv.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"
#include "tensor/pool.h"
#include "tensor/random.h"
#include "tensor/reduce.h"
#include "tests/tensor/throws.h"

using namespace weft;

TEST_CASE("conv2d by hand, with padding and stride") {
  const Tensor x = arange(1, 10, 1, {.dtype = DType::float32}).reshape({1, 1, 3, 3});
  const Tensor weight = tensor<float>({1, 0, 0, -1}, Shape{1, 1, 2, 2});
  CHECK(conv2d(x, weight).to_vector<float>() == std::vector<float>{-4, -4, -4, -4});
  const Window2d window{.stride = {2, 2}, .padding = {1, 1}};
  CHECK(conv2d(x, weight, window).to_vector<float>() == std::vector<float>{-1, -3, -7, -4});
}

TEST_CASE("the gradients are the adjoints of conv2d") {
  RandomStream stream(2, 0);
  const TensorOptions options{.dtype = DType::float64};
  const Window2d window{.stride = {2, 1}, .padding = {1, 2}};
  const Tensor x = random_normal({2, 3, 6, 5}, stream, 0, 1, options);
  const Tensor weight = random_normal({4, 3, 3, 2}, stream, 0, 1, options);
  const Tensor y = conv2d(x, weight, window);
  const Tensor dy = random_normal(y.shape(), stream, 0, 1, options);
  const double inner = sum(y * dy).item();
  const Tensor dx = conv2d_input_gradient(dy, weight, {6, 5}, window);
  const Tensor dw = conv2d_weight_gradient(x, dy, {3, 2}, window);
  CHECK(dx.shape() == x.shape());
  CHECK(dw.shape() == weight.shape());
  CHECK(sum(dx * x).item() == doctest::Approx(inner).epsilon(1e-12));
  CHECK(sum(dw * weight).item() == doctest::Approx(inner).epsilon(1e-12));
}

TEST_CASE("convolution of nothing") {
  CHECK(conv2d(zeros({0, 1, 4, 4}), zeros({2, 1, 3, 3})).shape() == Shape{0, 2, 2, 2});
  CHECK(conv2d(ones({1, 0, 4, 4}), ones({2, 0, 3, 3})).to_vector<float>() == std::vector<float>(8, 0));
  CHECK(sum(conv2d_weight_gradient(zeros({0, 1, 4, 4}), zeros({0, 2, 2, 2}), {3, 3}, {})).item() == 0);
  CHECK(sum(conv2d_input_gradient(zeros({1, 0, 2, 2}), zeros({0, 1, 3, 3}), {4, 4}, {})).item() == 0);
}

TEST_CASE("conv2d errors") {
  const Tensor x = zeros({1, 3, 8, 8});
  CHECK_FAILS(conv2d(x, zeros({4, 2, 3, 3})), "conv2d: channels differ");
  CHECK_FAILS(conv2d(x, zeros({4, 3, 9, 3})), "the kernel [9, 3] is larger than the image [8, 8]");
  CHECK_FAILS(conv2d(x, zeros({4, 3, 3})), "weight needs 4 axes: it is [4, 3, 3] float32 cpu");
  CHECK_FAILS(conv2d(x, zeros({4, 3, 3, 3}), {.stride = {0, 1}}), "stride is [0, 1]");
  CHECK_FAILS(conv2d(x, zeros({4, 3, 3, 3}), {.padding = {-1, 0}}), "padding is [-1, 0]");
  CHECK_FAILS(conv2d(x, zeros({4, 3, 3, 3}, {.dtype = DType::float64})), "dtypes differ");
  CHECK_FAILS(conv2d_input_gradient(zeros({1, 4, 5, 5}), zeros({4, 3, 3, 3}), {8, 8}, {}), "give planes of [6, 6]");
  CHECK_FAILS(conv2d_weight_gradient(x, zeros({2, 4, 6, 6}), {3, 3}, {}), "batches differ");
}

TEST_CASE("max_pool2d: padding counts as -inf, the first maximum wins") {
  const Tensor x = tensor<float>({-5, -5, -7, -1, -2, -3, -1, -9, -4}, Shape{1, 1, 3, 3});
  const MaxPooled pooled = max_pool2d(x, 2, 2, {.stride = {2, 2}, .padding = {1, 1}});
  CHECK(pooled.values.to_vector<float>() == std::vector<float>{-5, -5, -1, -2});
  CHECK(pooled.indices.to_vector<int64_t>() == std::vector<int64_t>{0, 1, 3, 4});
  CHECK(max_pool2d(zeros({1, 1, 2, 2}), 2, 2, {}).indices.item<int64_t>() == 0);
  CHECK(max_pool2d(zeros({0, 1, 4, 4}), 2, 2, {}).values.shape() == Shape{0, 1, 3, 3});
  CHECK_FAILS(max_pool2d(x, 2, 2, {.padding = {2, 0}}), "max_pool2d: padding [2, 0] is over half the kernel [2, 2]");
  CHECK_FAILS(max_pool2d(x, 4, 4, {}), "larger than the image");
  CHECK_FAILS(max_pool2d(x.select(0, 0), 2, 2, {}), "needs 4 axes");
}

TEST_CASE("an image without pixels is refused or pooled, never divided by") {
  for (const Shape& image : {Shape{4, 0}, Shape{0, 4}}) {
    Shape shape{1, 1, image[0], image[1]};
    try {
      max_pool2d(zeros(shape), 2, 2, {.stride = {4, 4}}, CeilMode::yes);
    } catch (const Error& error) {
      CHECK(std::string(error.what()).starts_with("max_pool2d"));
    }
  }
}
