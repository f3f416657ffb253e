// tests/backends/cpu_elementwise_test.cpp: operands that are dense and such that pass through buffers
#include <doctest/doctest.h>

#include <vector>

#include "tensor/backend.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"
#include "tensor/random.h"
#include "tests/backends/against_reference.h"

using namespace weft;
using namespace weft::test;

TEST_CASE("cpu element-wise ops equal the reference for every mix of strides") {
  // 700 elements a row: runs that are not dense pass through buffers of fewer elements, whole and in part.
  const Tensor dense = normal({6, 700});
  const Tensor operands[] = {dense,
                             normal({700, 6}).transpose(),
                             normal({6, 1400}).slice(1, 0, 1400, 2),
                             normal({1, 700}).expand({6, 700}),
                             normal({6, 1}).expand({6, 700}),
                             normal({1, 1}).expand({6, 700})};
  const auto same = [](const Tensor& fast, const Tensor& slow) {
    CHECK(fast.to_vector<double>() == slow.to_vector<double>());
  };
  for (const Tensor& a : operands) {
    CAPTURE(to_string(a.strides()));
    same(relu(a), relu(plain(a)));
    same(a.to(DType::float64), plain(a).to(DType::float64));
    for (const Tensor& b : operands) {
      CAPTURE(to_string(b.strides()));
      same(a - b, plain(a) - plain(b));
      same(less(a, b), less(plain(a), plain(b)));
      same(where(less(a, b), a, b), minimum(plain(a), plain(b)));
      for (const Shape& order : {Shape{6, 700}, Shape{700, 6}}) {  // y dense, and not
        Tensor y = zeros(order, {.device = cpu});
        if (order[0] != 6) y = y.transpose();
        y.backend().binary(BinaryOp::mul, a, b, y);
        same(y, plain(a) * plain(b));
      }
    }
  }
}
