// tests/autograd/normalization.cpp: rows whose elements are all equal
#include "autograd/normalization.h"

#include <doctest/doctest.h>

#include "autograd/autograd.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"
#include "tensor/reduce.h"

using namespace weft;

TEST_CASE("a constant row is normalized to 0, and gets the gradient 0 through its variance") {
  for (const Device device : available_devices())
    for (const DType dtype : {DType::float32, DType::float64})
      for (const int64_t size : {1, 3, 7, 100})
        for (const double value : {1000000.125, -0.1, 1e30, 3.4e38, 0.0}) {
          CAPTURE(size);
          CAPTURE(value);
          const Variable x = watch(full({2, size}, value, {dtype, device}));
          const auto is_zero = [](const Variable& y) { CHECK(sum(not_equal(y.value(), 0)).item<int64_t>() == 0); };
          is_zero(standardize(x, {1}, 1e-5));
          is_zero(layer_norm(x, {size}));
          is_zero(group_norm(x, 1));
          Tape tape;
          is_zero(tape.gradient(var(x, {1}, Keep::no, 0), {x})[0]);
        }
}

TEST_CASE("finite elements far apart are normalized to something finite") {
  const Variable x = tensor<float>({3e38F, -3e38F});
  CHECK(sum(isfinite(standardize(x, {0}, 1e-5).value())).item<int64_t>() == 2);
}
