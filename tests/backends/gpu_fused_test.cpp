// tests/backends/gpu_fused_test.cpp: fused kernels of cards, and of the emulator, on rows and columns too long for one
// team, against the reference
#include <doctest/doctest.h>

#include "tensor/backend.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"
#include "tensor/lstm.h"
#include "tensor/normalization.h"
#include "tensor/random.h"
#include "tensor/scaled_gates.h"
#include "tensor/softmax.h"
#include "tests/backends/cards.h"
#include "tests/backends/relative_error.h"

using namespace weft;
using namespace weft::test;

namespace {

Tensor numbers(const Shape& shape, DType dtype, double mean = 0) {
  RandomStream stream(9, static_cast<uint32_t>(numel_of(shape)));
  return random_normal(shape, stream, mean, 1, {.dtype = dtype, .device = reference});
}

double allowed(DType dtype) { return dtype == DType::float32 ? 1e-5 : 1e-13; }

const DType kBoth[] = {DType::float32, DType::float64};

}  // namespace

TEST_CASE("log_softmax on cards: rows for a warp, for a block, for a large block; columns") {
  for (const Device device : cards())
    for (const DType dtype : kBoth)
      for (const Shape& shape : std::vector<Shape>{{9, 1024}, {3, 1025}, {2, 17000}, {2, 40, 37}, {3, 5, 2}}) {
        INFO(to_string(device), " ", to_string(shape), " ", name_of(dtype));
        const Tensor x = numbers(shape, dtype, 5);
        for (const int64_t axis : {int64_t{0}, int64_t{1}, shape.size() - 1})
          CHECK(relative_error(log_softmax(x.to(device), axis), log_softmax(x, axis)) < allowed(dtype));
      }
}

TEST_CASE("layer_norm and its gradient on cards: long rows, many rows, groups, far from 0") {
  for (const Device device : cards())
    for (const DType dtype : kBoth)
      for (const Shape& shape : std::vector<Shape>{{300, 1, 33}, {70, 4, 40}, {3, 1, 1100}, {2, 1, 17000}}) {
        INFO(to_string(device), " ", to_string(shape), " ", name_of(dtype));
        const Tensor x = numbers(shape, dtype, 100), dy = numbers(shape, dtype), on_device = x.to(device);
        const Tensor weight = numbers({shape[1], shape[2]}, dtype, 1), bias = numbers({shape[1], shape[2]}, dtype, 2);
        // In float32 a mean of 100 leaves five digits of the differences.
        const double tolerance = allowed(dtype) * (dtype == DType::float32 ? 4 : 100);
        CHECK(relative_error(layer_norm(on_device, weight.to(device), bias.to(device), 1e-3),
                             layer_norm(x, weight, bias, 1e-3)) < tolerance);
        const LayerNormGradient expected = layer_norm_gradient(x, weight, 1e-3, dy, true, true);
        const LayerNormGradient actual =
            layer_norm_gradient(on_device, weight.to(device), 1e-3, dy.to(device), true, true);
        CHECK(relative_error(actual.x, expected.x) < tolerance);
        CHECK(relative_error(actual.weight, expected.weight) < tolerance);
        CHECK(relative_error(actual.bias, expected.bias) < tolerance);
      }
}

TEST_CASE("scaled_gates and its gradient on cards: several tiles of samples, units and embedding") {
  for (const Device device : cards())
    for (const DType dtype : kBoth)
      for (const Shape& size : std::vector<Shape>{{70, 2, 300, 5}, {3, 4, 40, 19}, {130, 1, 33, 1}}) {
        const int64_t n = size[0], gates = size[1], hidden = size[2], e = size[3], columns = gates * hidden;
        INFO(to_string(device), " ", to_string(size), " ", name_of(dtype));
        const Tensor by_h = numbers({n, columns}, dtype), by_x = numbers({n, columns + 1}, dtype).slice(1, 1);
        const Tensor z = numbers({n, 3, gates, e}, dtype), weight = numbers({3, gates, hidden, e}, dtype);
        const Tensor bias = numbers({columns}, dtype), dy = numbers({n, columns}, dtype, 1);
        const auto there = [&](const Tensor& x) { return x.to(device); };
        CHECK(relative_error(scaled_gates(there(by_h), there(by_x), there(z), there(weight), there(bias)),
                             scaled_gates(by_h, by_x, z, weight, bias)) < allowed(dtype));
        const ScaledGatesGradient expected = scaled_gates_gradient(by_h, by_x, z, weight, dy, true);
        const ScaledGatesGradient actual =
            scaled_gates_gradient(there(by_h), there(by_x), there(z), there(weight), there(dy), true);
        CHECK(relative_error(actual.by_h, expected.by_h) < allowed(dtype));
        CHECK(relative_error(actual.by_x, expected.by_x) < allowed(dtype));
        CHECK(relative_error(actual.z, expected.z) < allowed(dtype));
        CHECK(relative_error(actual.scale_weight, expected.scale_weight) < allowed(dtype));
        CHECK(relative_error(actual.bias, expected.bias) < allowed(dtype));
      }
}

TEST_CASE("adam_step on cards: packs, the rest behind them, and strides") {
  const AdamStep step{0.9, 0.999, 1e-8, 0.01, 0.5, 0.1};
  for (const Device device : cards())
    for (const DType dtype : kBoth)
      for (const bool strided : {false, true}) {
        Tensor results[2][3];
        for (const Device where : {reference, device}) {
          const auto state = [&](double mean) {
            const Tensor x = numbers({37, 29}, dtype, mean).to(where).clone();
            return strided ? x.transpose() : x;
          };
          const Tensor parameter = state(0), gradient = strided ? state(1).contiguous() : state(1);
          const Tensor moment = state(2), second = square(state(3));
          parameter.backend().adam_step(parameter, gradient, moment, second, step);
          Tensor* const to = results[where == reference ? 0 : 1];
          to[0] = parameter, to[1] = moment, to[2] = second;
        }
        for (int i = 0; i < 3; ++i) CHECK(relative_error(results[1][i], results[0][i]) < allowed(dtype));
      }
}
