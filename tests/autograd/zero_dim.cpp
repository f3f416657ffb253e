// tests/autograd/zero_dim.cpp: a 0-dim tensor along axis 0 or -1 is a row of one
#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <vector>

#include "autograd/autograd.h"
#include "expect_error.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"
#include "tensor/sort.h"
#include "tensor/split.h"

using namespace weft;

namespace {

struct AlongAxis {
  std::string name;
  std::function<Variable(const Variable&, int64_t)> call;
  bool has_gradient = true;
};

const std::vector<AlongAxis>& functions_along_an_axis() {
  static const std::vector<AlongAxis> list = {
      {"sum", [](const Variable& x, int64_t axis) { return sum(x, {axis}); }},
      {"mean", [](const Variable& x, int64_t axis) { return mean(x, {axis}); }},
      {"prod", [](const Variable& x, int64_t axis) { return prod(x, {axis}); }},
      {"max", [](const Variable& x, int64_t axis) { return max(x, {axis}); }},
      {"min", [](const Variable& x, int64_t axis) { return min(x, {axis}); }},
      {"var", [](const Variable& x, int64_t axis) { return var(x, {axis}, Keep::no, 0); }},
      {"stddev", [](const Variable& x, int64_t axis) { return stddev(x, {axis}, Keep::no, 0); }},
      {"norm", [](const Variable& x, int64_t axis) { return norm(x, 3, {axis}); }},
      {"logsumexp", [](const Variable& x, int64_t axis) { return logsumexp(x, {axis}); }},
      {"standardize", [](const Variable& x, int64_t axis) { return standardize(x, {axis}); }},
      {"softmax", [](const Variable& x, int64_t axis) { return softmax(x, axis); }},
      {"log_softmax", [](const Variable& x, int64_t axis) { return log_softmax(x, axis); }},
      {"cumsum", [](const Variable& x, int64_t axis) { return cumsum(x, axis); }},
      {"cumprod", [](const Variable& x, int64_t axis) { return cumprod(x, axis); }},
      {"sort", [](const Variable& x, int64_t axis) { return sort(x, axis).values; }},
      {"topk", [](const Variable& x, int64_t axis) { return topk(x, 1, axis).values; }},
      {"flip", [](const Variable& x, int64_t axis) { return flip(x, {axis}); }},
      {"argsort", [](const Variable& x, int64_t axis) { return Variable(argsort(x.value(), axis)); }, false},
      {"argmax", [](const Variable& x, int64_t axis) { return Variable(argmax(x.value(), axis)); }, false},
      {"argmin", [](const Variable& x, int64_t axis) { return Variable(argmin(x.value(), axis)); }, false},
      {"any", [](const Variable& x, int64_t axis) { return Variable(any(x.value(), {axis})); }, false},
      {"all", [](const Variable& x, int64_t axis) { return Variable(all(x.value(), {axis})); }, false},
      {"count_nonzero", [](const Variable& x, int64_t axis) { return Variable(count_nonzero(x.value(), {axis})); },
       false},
  };
  return list;
}

}  // namespace

TEST_CASE("functions along an axis take a 0-dim tensor as a row of one") {
  for (const Device device : available_devices())
    for (const AlongAxis& function : functions_along_an_axis())
      for (const int64_t axis : {0, -1}) {
        CAPTURE(function.name);
        CAPTURE(axis);
        const Tensor x = scalar(1.5, {DType::float64, device});
        const Variable y = function.call(x, axis), row = function.call(x.reshape({1}), 0);
        CHECK(y.shape() == Shape{});
        CHECK(y.item() == row.item());
        CHECK(y.dtype() == row.dtype());
        if (!function.has_gradient || function.name == "stddev") continue;  // which has a corner at 0
        CHECK(gradcheck([&](const std::vector<Variable>& xs) { return function.call(xs[0], axis); }, {x}) == "");
      }
}

TEST_CASE("other axes are refused, and so are functions that read at an axis") {
  for (const AlongAxis& function : functions_along_an_axis()) {
    CAPTURE(function.name);
    for (const int64_t axis : {1, -2})
      expect_error([&] { function.call(scalar(1.5, {DType::float64}), axis); }, {function.name, "is out of range"});
  }
  const Tensor x = scalar(1);
  expect_error([&] { x.select(0, 0); }, {"select: axis 0 is out of range: x is [] float32 cpu, which has no axes"});
  expect_error([&] { x.slice(0, 0, 1); }, {"slice: axis 0 is out of range"});
  expect_error([&] { narrow(x, 0, 0, 1); }, {"narrow: axis 0 is out of range"});
  expect_error([&] { roll(x, {1}, {0}); }, {"roll: axis 0 is out of range"});
  expect_error([&] { topk(x, 2, 0); }, {"topk: "});
}
