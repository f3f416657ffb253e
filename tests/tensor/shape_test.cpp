// tests/tensor/shape_test.cpp: sizes, strides, axes, broadcasting
#include "tensor/shape.h"

#include "tests/tensor/throws.h"

using namespace weft;

TEST_CASE("numel_of multiplies, and notices overflow") {
  CHECK(numel_of({}) == 1);
  CHECK(numel_of({2, 3, 4}) == 24);
  CHECK(numel_of({int64_t{1} << 40, int64_t{1} << 40, 0}) == 0);
  CHECK_FAILS(numel_of({2, -3}), "[2, -3] has a negative size");
  CHECK_FAILS(numel_of({int64_t{1} << 40, int64_t{1} << 40}), "2^63 - 1");
}

TEST_CASE("contiguous strides are row-major") {
  CHECK(contiguous_strides({2, 3, 4}) == Strides{12, 4, 1});
  CHECK(contiguous_strides({}) == Strides{});
  CHECK(contiguous_strides({5, 1}) == Strides{1, 1});
}

TEST_CASE("dims hold at most eight") {
  Dims dims = Dims::filled(8, 2);
  CHECK_FAILS(dims.push_back(1), "at most 8");
  CHECK_FAILS(Dims({1, 1, 1, 1, 1, 1, 1, 1, 1}), "9 axes");
  dims.erase(0);
  dims.insert(0, 7);
  CHECK(dims == Dims{7, 2, 2, 2, 2, 2, 2, 2});
  CHECK(dims != Dims{7, 2, 2, 2, 2, 2, 2});
}

TEST_CASE("broadcasting aligns at the right") {
  CHECK(broadcast_shapes("add", {64, 1, 28, 28}, {28}) == Shape{64, 1, 28, 28});
  CHECK(broadcast_shapes("add", {3, 1}, {1, 4}) == Shape{3, 4});
  CHECK(broadcast_shapes("add", {}, {2, 3}) == Shape{2, 3});
  CHECK(broadcast_shapes("add", {0}, {1}) == Shape{0});
  CHECK(error_of([] {
          broadcast_shapes("add", {64, 1, 28, 28}, {64, 10});
        }) == "add: cannot broadcast [64, 1, 28, 28] with [64, 10]: axis 3 (from the right: 0) has 28 and 10");
  CHECK_FAILS(broadcast_shapes("add", {0}, {2}), "has 0 and 2");
}

TEST_CASE("axes count from both ends") {
  CHECK(normalize_axis("sum", -1, 3) == 2);
  CHECK_FAILS(normalize_axis("sum", 3, 3), "sum: axis 3 is out of range: there are 3 axes; hint: use -3..2");
  CHECK_FAILS(normalize_axis("sum", -4, 3), "axis -4 is out of range");
  CHECK_FAILS(normalize_axis("sum", 0, 0), "a 0-dim tensor has no axes");
  CHECK(normalize_axes("sum", {0}, 0).empty());
  CHECK(normalize_axes("sum", {-1}, 0).empty());
  CHECK_FAILS(normalize_axes("sum", {1}, 0), "axis 1 is out of range");
  CHECK_FAILS(normalize_axes("sum", {0, -1}, 0), "axis -1 is named twice");
  CHECK(normalize_axes("sum", {-1, 0}, 3) == Axes{0, 2});
  CHECK(normalize_axes("sum", {}, 3) == Axes{0, 1, 2});
  CHECK_FAILS(normalize_axes("sum", {1, -2}, 3), "axis -2 is named twice");
  CHECK(reduced_shape({2, 3, 4}, {0, 2}, true) == Shape{1, 3, 1});
  CHECK(reduced_shape({2, 3, 4}, {0, 2}, false) == Shape{3});
}
