// tests/backends/emulator_test.cpp: kernels that g++ compiled and fibers ran equal plain loops
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "tensor/create.h"
#include "tests/backends/emulated.h"
#include "tests/backends/emulated_kernels.h"

namespace weft::WEFT_GPU {

using namespace test;

TEST_CASE("emulator: strided add") {
  const int64_t n = 1000;
  const std::vector<float> a = ramp(2 * n), b = ramp(n);
  const Floats on_a(a), on_b(b);
  for (const uint64_t seed : {0, 1, 2}) {
    set_emulator_seed(seed);
    const Floats y(n);
    launch(strided_add, {3}, 96, 0, on_a, 2, on_b, y, n);
    const std::vector<float> result = y.values();
    for (size_t i = 0; i < n; ++i) CHECK(result[i] == a[2 * i] + b[i]);
  }
}

TEST_CASE("emulator: row sum") {
  const int64_t rows = 5, columns = 300;
  const std::vector<float> x = ramp(rows * columns);
  const Floats on_x(x);
  for (const uint64_t seed : {0, 1, 2}) {
    set_emulator_seed(seed);
    const Floats y(rows);
    launch(row_sum, rows, 128, 0, on_x, y, columns);
    const std::vector<float> result = y.values();
    for (int64_t r = 0; r < rows; ++r) {
      double sum = 0;
      for (int64_t j = 0; j < columns; ++j) sum += x[static_cast<size_t>(r * columns + j)];
      CHECK(result[static_cast<size_t>(r)] == doctest::Approx(sum));
    }
  }
}

TEST_CASE("emulator: tiled transpose") {
  const int64_t rows = 70, columns = 45;
  const std::vector<float> x = ramp(rows * columns);
  const Floats on_x(x);
  for (const uint64_t seed : {0, 1, 2}) {
    set_emulator_seed(seed);
    const Floats y(rows * columns);
    launch(transpose_tile, dim3(2, 3), dim3(32, 8), 0, on_x, y, rows, columns);
    const std::vector<float> result = y.values();
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t j = 0; j < columns; ++j)
        CHECK(result[static_cast<size_t>(j * rows + i)] == x[static_cast<size_t>(i * columns + j)]);
  }
}

TEST_CASE("emulator: softmax") {
  const int64_t rows = 3, columns = 77;
  for (const float more : {0, 200}) {  // without the largest value taken off, exp would overflow
    std::vector<float> x = ramp(rows * columns);
    for (int64_t r = 0; r < rows; ++r) x[static_cast<size_t>(r * columns + 38 * r)] += more;
    const Floats on_x(x);
    for (const uint64_t seed : {0, 1, 2}) {
      set_emulator_seed(seed);
      const Floats y(rows * columns);
      launch(softmax_row, rows, 64, 64 * sizeof(float), on_x, y, columns);
      const std::vector<float> result = y.values();
      for (int64_t r = 0; r < rows; ++r) {
        const auto row = x.begin() + r * columns;
        double sum = 0;
        for (int64_t j = 0; j < columns; ++j) sum += std::exp(double{row[j]});
        for (int64_t j = 0; j < columns; ++j)
          CHECK(result[static_cast<size_t>(r * columns + j)] == doctest::Approx(std::exp(double{row[j]}) / sum));
      }
    }
  }
}

TEST_CASE("emulator: atomic operations from several blocks") {
  std::vector<float> x(500);
  for (size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i * i % 7);
  const Floats on_x(x), counts(std::vector<float>(7, 0));
  launch(count_values, 8, 64, 0, on_x, counts, 500);
  const std::vector<float> result = counts.values();
  for (size_t v = 0; v < 7; ++v) CHECK(result[v] == std::count(x.begin(), x.end(), static_cast<float>(v)));
}

TEST_CASE("emulator: four floats at a time") {
  const std::vector<float> x = ramp(64);
  const Floats on_x(x), y(64);
  launch(negate_by_four, 1, 16, 0, on_x, y);
  const std::vector<float> result = y.values();
  for (size_t i = 0; i < 64; ++i) CHECK(result[i] == -x[i]);
}

TEST_CASE("emulator: shuffles and votes") {
  for (const uint64_t seed : {0, 1, 2}) {
    set_emulator_seed(seed);
    const Floats y(32);
    launch(warp_operations, 1, 32, 0, y);
    const std::vector<float> result = y.values();
    for (unsigned lane = 0; lane < 32; ++lane) {
      const unsigned up = lane < 3 ? lane : lane - 3, down = lane % 8 < 3 ? lane + 5 : lane;
      const double odd = up + 100 * down + 10000 * 16 + 1000000 * (lane ^ 1) + 0.5;
      CHECK(result[lane] == static_cast<float>(lane % 2 == 1 ? odd : up));
    }
  }
}

TEST_CASE("emulator: more memory than there is") {
  const std::string text = error_of([] { empty({int64_t{1} << 50}, {.device = Device{DeviceKind::emulated}}); });
  CHECK_MESSAGE(text.find("allocate: emulated has no 4503599627370496 bytes for a tensor; live tensors hold ") == 0,
                text);
  CHECK(contains(text, " are kept for the next; hint: use smaller batches or free tensors first"));
}

}  // namespace weft::WEFT_GPU
