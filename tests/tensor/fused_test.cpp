// tests/tensor/fused_test.cpp: fused kernels of every backend against the composed defaults
#include <cmath>

#include "tensor/backend.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"
#include "tensor/random.h"
#include "tensor/reduce.h"
#include "tests/tensor/throws.h"

using namespace weft;

TEST_CASE("log_softmax: override and default agree") {
  RandomStream stream(4, 0);
  for (const Device device : available_devices()) {
    const Tensor x = random_normal({3, 5, 4}, stream, 0, 3, {.dtype = DType::float64, .device = device});
    for (int64_t axis = 0; axis < 3; ++axis) {
      const Tensor fused = empty_like(x), composed = empty_like(x);
      x.backend().log_softmax(x, axis, fused);
      x.backend().Backend::log_softmax(x, axis, composed);
      CHECK(max(abs(fused - composed)).item() < 1e-13);
    }
  }
}

TEST_CASE("adam_step: override, default and formula agree") {
  const AdamStep step{
      .beta1 = 0.9, .beta2 = 0.99, .eps = 1e-3, .step_size = 0.1, .bias_correction2_sqrt = 0.5, .weight_decay = 0.2};
  for (const Device device : available_devices()) {
    const auto one = [&](double value) { return full({3}, value, {.dtype = DType::float64, .device = device}); };
    const Tensor p = one(2), g = one(0.5), m = one(0.3), v = one(0.4);
    const Tensor p2 = p.clone(), m2 = m.clone(), v2 = v.clone();
    p.backend().adam_step(p, g, m, v, step);
    p.backend().Backend::adam_step(p2, g, m2, v2, step);
    const double decayed = 0.5 + 0.2 * 2;
    const double mean = 0.9 * 0.3 + 0.1 * decayed, square = 0.99 * 0.4 + 0.01 * decayed * decayed;
    const double expected = 2 - 0.1 * mean / (std::sqrt(square) / 0.5 + 1e-3);
    for (const Tensor& result : {p, p2}) CHECK(result.at({2}) == doctest::Approx(expected).epsilon(1e-14));
    for (const Tensor& result : {m, m2}) CHECK(result.at({2}) == doctest::Approx(mean).epsilon(1e-14));
    for (const Tensor& result : {v, v2}) CHECK(result.at({2}) == doctest::Approx(square).epsilon(1e-14));
  }
}
