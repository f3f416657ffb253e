// tests/backends/gpu_slices_test.cpp: reductions, scans, sorting and indexing on a card, at sizes that take several
// passes
//
// The op table has every layout and dtype at sizes where one block is enough. Here slices are cut into parts, chunks
// and runs. On the emulator, and on a card where there is one.
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <vector>

#include "tensor/backend.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"
#include "tensor/indexing.h"
#include "tensor/random.h"
#include "tensor/reduce.h"
#include "tensor/scan.h"
#include "tensor/sort.h"
#include "tests/backends/cards.h"
#include "tests/backends/relative_error.h"
#include "tests/fixtures/error_of.h"

using namespace weft;
using namespace weft::test;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

Tensor gaussian(const Shape& shape, DType dtype = DType::float32) {
  RandomStream stream(11, static_cast<uint32_t>(numel_of(shape)));
  return random_normal(shape, stream, 0, 1, {.dtype = dtype, .device = reference});
}

/// Integers 0 .. below-1, so that many are equal.
Tensor dice(const Shape& shape, int64_t below, DType dtype) {
  RandomStream stream(12, static_cast<uint32_t>(numel_of(shape)));
  const auto high = static_cast<double>(below);
  return random_uniform(shape, stream, 0, high, {.dtype = DType::float64, .device = reference}).to(dtype);
}

using Function = std::function<Tensor(const Tensor&)>;

/// Of f(x) on the card, from f(x) on the reference.
double difference(Device card, const Tensor& x, const Function& f) { return relative_error(f(x.to(card)), f(x)); }

void on_cards(const std::function<void(Device)>& f) {
  for (const Device device : cards()) {
    const std::string name = to_string(device);
    CAPTURE(name);
    f(device);
  }
}

struct Reduction {
  Shape shape;
  Axes axes;
};

const std::vector<Reduction> kReductions = {
    {{70001}, {0}},           // one output: parts, then their totals
    {{3, 20001}, {1}},        // few rows
    {{20001, 3}, {0}},        // few columns
    {{3001, 40}, {0}},        // more columns than a warp is wide
    {{4, 1000, 33}, {1}},     // columns in several slices
    {{500, 9}, {1}},          // many short rows
    {{30, 7, 50}, {0, 2}},    // of each channel
    {{7, 3, 5, 11}, {1, 3}},  // neither merges
};

}  // namespace

TEST_CASE("gpu: reductions of any shape equal the reference") {
  on_cards([](Device card) {
    for (const auto& [shape, axes] : kReductions) {
      CAPTURE(to_string(shape));
      const auto all_equal = [&](const Tensor& x) {
        for (const Tensor& layout : {x, x.transpose(0, -1).clone().transpose(0, -1)}) {
          const double digits = x.dtype() == DType::float32 ? 2e-7 : x.dtype() == DType::float64 ? 1e-13 : 0;
          CHECK(difference(card, layout, [&](const Tensor& t) { return sum(t, axes); }) <= digits * 10);
          CHECK(difference(card, layout, [&](const Tensor& t) { return max(t, axes); }) == 0);
          CHECK(difference(card, layout, [&](const Tensor& t) { return min(t, axes); }) == 0);
        }
      };
      for (const DType dtype : {DType::float32, DType::float64}) all_equal(gaussian(shape, dtype));
      for (const DType dtype : {DType::int32, DType::uint8}) all_equal(dice(shape, 200, dtype));
      const Tensor near_one = gaussian(shape) * 0.01 + 1;
      CHECK(difference(card, near_one, [&](const Tensor& t) { return prod(t, axes); }) < 1e-6);
      Tensor with_nan = gaussian(shape);
      with_nan.set(Dims::filled(shape.size(), 1), kNan);
      CHECK(difference(card, with_nan, [&](const Tensor& t) { return max(t, axes); }) == 0);
      CHECK(difference(card, with_nan, [&](const Tensor& t) { return argmax(t, axes[0]); }) == 0);
      CHECK(difference(card, dice(shape, 5, DType::float32), [&](const Tensor& t) { return argmin(t, axes[0]); }) == 0);
      CHECK(difference(card, dice(shape, 5, DType::int64), [&](const Tensor& t) { return argmax(t, axes[0]); }) == 0);
    }
    const Tensor one = gaussian({1, 1}).expand({40, 3000});
    CHECK(difference(card, one, [&](const Tensor& t) { return sum(t); }) < 1e-6);
  });
}

TEST_CASE("gpu: products neither overflow nor vanish between the elements") {
  on_cards([](Device card) {
    const Tensor large = full({9000}, 1e300, {.dtype = DType::float64, .device = card});
    Tensor x = large.clone();
    x.slice(0, 0, kEnd, 2).fill_(1e-300);
    CHECK(prod(x).item() == doctest::Approx(1));
    CHECK(cumprod(x, 0).at({8999}) == doctest::Approx(1));
    x.set({4500}, 0);
    CHECK(prod(x).item() == 0);
    CHECK(cumprod(large * 0, 0).at({8999}) == 0);
  });
}

TEST_CASE("gpu: scans of any shape equal the reference") {
  const std::vector<Reduction> scans = {{{70001}, {0}},   {{3, 9000}, {1}},  {{9000, 3}, {0}},
                                        {{40, 300}, {1}}, {{20, 9000}, {0}}, {{5, 2048, 2}, {1}}};
  on_cards([&](Device card) {
    for (const auto& [shape, axes] : scans) {
      CAPTURE(to_string(shape));
      for (const From from : {From::first, From::last}) {
        const Function running_sum = [&](const Tensor& t) { return cumsum(t, axes[0], from); };
        CHECK(difference(card, gaussian(shape), running_sum) < 1e-6);
        CHECK(difference(card, gaussian(shape, DType::float64), running_sum) < 1e-13);
        CHECK(difference(card, dice(shape, 200, DType::uint8), running_sum) == 0);
        CHECK(difference(card, gaussian(shape) * 0.01 + 1, [&](const Tensor& t) { return cumprod(t, axes[0], from); }) <
              1e-6);
      }
    }
  });
}

TEST_CASE("gpu: a running sum of positive numbers never steps back") {
  on_cards([](Device card) {
    const Tensor x = abs(gaussian({70001}, DType::float64)).to(card);
    for (const From from : {From::first, From::last}) {
      std::vector<double> y = cumsum(x, 0, from).to_vector<double>();
      if (from == From::last) std::reverse(y.begin(), y.end());
      CHECK(std::is_sorted(y.begin(), y.end()));
    }
  });
}

TEST_CASE("gpu: sorting slices of any length equals the reference") {
  const std::vector<Reduction> sorts = {
      {{9001}, {0}}, {{3, 5000}, {1}}, {{5000, 2}, {0}}, {{700, 10}, {1}}, {{2048}, {0}}};
  on_cards([&](Device card) {
    for (const auto& [shape, axes] : sorts) {
      CAPTURE(to_string(shape));
      Tensor with_nan = gaussian(shape);
      with_nan.set(Dims::filled(shape.size(), 1), kNan);
      with_nan.set(Dims::filled(shape.size(), 0), -0.0);
      const int64_t wanted = std::min<int64_t>(shape[axes[0]], 1500);
      for (const Tensor& x :
           {with_nan, gaussian(shape, DType::float64), dice(shape, 100, DType::float32), dice(shape, 100, DType::uint8),
            dice(shape, 100, DType::int32) - 50, dice(shape, 100, DType::int64) - 50}) {
        for (const SortOrder order : {SortOrder::ascending, SortOrder::descending}) {
          CHECK(difference(card, x, [&](const Tensor& t) { return sort(t, axes[0], order).values; }) == 0);
          CHECK(difference(card, x, [&](const Tensor& t) { return sort(t, axes[0], order).indices; }) == 0);
          CHECK(difference(card, x, [&](const Tensor& t) { return topk(t, wanted, axes[0], order).indices; }) == 0);
        }
      }
    }
  });
}

TEST_CASE("gpu: writing at computed places is done in the order of the source, to the last bit") {
  on_cards([](Device card) {
    for (const DType dtype : {DType::float32, DType::float64, DType::uint8, DType::int32, DType::int64}) {
      CAPTURE(name_of(dtype));
      for (const int64_t below : {3, 60, 4000}) {
        const Tensor index = dice({6000}, below, DType::int64);
        const auto same = [&](const Shape& shape, int64_t axis, const Tensor& at, const auto& write) {
          const Tensor target = gaussian(shape).to(dtype);
          CHECK(difference(card, gaussian(at.shape()).to(dtype), [&](const Tensor& source) {
                  return write(target.to(source.device()), axis, at.to(source.device()), source);
                }) == 0);
        };
        const auto add = [](const Tensor& x, int64_t axis, const Tensor& at, const Tensor& source) {
          return scatter_add(x, axis, at.device() == x.device() ? at : at.to(x.device()), source);
        };
        const auto replace = [](const Tensor& x, int64_t axis, const Tensor& at, const Tensor& source) {
          return scatter(x, axis, at, source);
        };
        const auto rows = [](const Tensor& x, int64_t axis, const Tensor& at, const Tensor&) {
          const Tensor values = gaussian({at.numel(), x.size(1)}).to(x.dtype()).to(x.device());
          return index_add(x, axis, at, values);
        };
        same({4000}, 0, index, add);
        same({4000}, 0, index, replace);
        same({2, 4000}, 1, index.reshape({2, 3000}), add);
        same({4000, 3}, 0, index.reshape({2000, 3}), replace);
        same({100, 4000}, 1, index.slice(0, 0, 100).reshape({100, 1}), add);
        same({100, 4000}, 1, index.slice(0, 0, 600).reshape({100, 6}), replace);
        same({4000, 7}, 0, index, rows);
      }
    }
    const Tensor far = dice({5000}, 10, DType::int64);
    far.set({4321}, 10);
    CHECK(error_of([&] { gather(gaussian({10}).to(card), 0, far.to(card)); }) ==
          error_of([&] { gather(gaussian({10}), 0, far); }));
    const Tensor y = gaussian({10}).to(card), before = y.clone(), source = gaussian({5000}).to(card);
    CHECK_THROWS_AS(y.backend().scatter_add(y, 0, far.to(card), source), Error);
    CHECK_THROWS_AS(y.backend().scatter(y, 0, far.to(card), source), Error);
    CHECK(y.to_vector<float>() == before.to_vector<float>());
  });
}
