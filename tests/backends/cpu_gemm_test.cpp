// tests/backends/cpu_gemm_test.cpp: the own matrix product against OpenBLAS's and the plain loops
#include "backends/cpu/cpu_backend.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <random>
#include <vector>

#include "backends/cpu/gemm/packed_product.h"
#include "backends/cpu/gemm/register_tile.h"
#include "tensor/backend.h"
#include "tensor/create.h"
#include "tensor/lstm_sequence.h"
#include "tensor/matmul.h"
#include "tensor/threads.h"
#include "tests/backends/against_reference.h"

using namespace weft;
using namespace weft::test;
using cpu_kernels::Isa;

namespace {

/// Settings of the process as they were, after a test.
struct RestoreGemm {
  Gemm gemm = gemm_in_use();
  int threads = num_threads();
  RestoreIsa isa;
  ~RestoreGemm() {
    set_gemm(gemm);
    set_num_threads(threads);
  }
};

Tensor product(Gemm gemm, const Tensor& a, const Tensor& b) {
  set_gemm(gemm);
  return matmul(a, b);
}

/// Every |y - expected| is small beside sum |a||b|, which `k` bounds for standard normal numbers.
bool agree(const Tensor& y, const Tensor& expected, int64_t k) {
  const std::vector<double> got = y.to_vector<double>(), wanted = expected.to_vector<double>();
  const double allowed = (y.dtype() == DType::float32 ? 1e-6 : 1e-15) * std::sqrt(static_cast<double>(k)) * 8;
  for (size_t i = 0; i < got.size(); ++i) {
    if (!(std::fabs(got[i] - wanted[i]) <= allowed)) return false;
  }
  return y.shape() == expected.shape();
}

bool equal_bits(const Tensor& a, const Tensor& b) {
  const Tensor left = a.contiguous(), right = b.contiguous();
  const auto bytes = static_cast<size_t>(left.numel() * size_of(left.dtype()));
  return left.shape() == right.shape() && std::memcmp(left.raw_data(), right.raw_data(), bytes) == 0;
}

/// [batch, rows, columns] in one of the layouts a caller may have.
Tensor laid_out(int64_t layout, int64_t batch, int64_t rows, int64_t columns, DType dtype) {
  switch (layout) {
    case 0: return normal({batch, rows, columns}, dtype);
    case 1: return normal({batch, columns, rows}, dtype).transpose();
    case 2: return normal({batch, rows, columns + 3}, dtype).slice(2, 1, columns + 1);
    case 3: return normal({batch, 2 * rows, 3 * columns}, dtype).slice(1, 0, 2 * rows, 2).slice(2, 0, 3 * columns, 3);
    case 4: return normal({1, rows, 1}, dtype).expand({batch, rows, columns});
    default: return normal({rows, batch, columns}, dtype).permute({1, 0, 2});
  }
}

std::vector<Isa> levels() {
  std::vector<Isa> found;
  for (const Isa isa : {Isa::baseline, Isa::avx2, Isa::avx512}) {
    if (isa <= cpu_kernels::best_isa()) found.push_back(isa);
  }
  return found;
}

/// Registers of 64 bytes and 14 rows, as AVX-512 has them, on any processor.
struct WideSimd : cpu_kernels::PlainSimd {
  static constexpr int kBytes = 64, kRows = 14;
};

}  // namespace

TEST_CASE("own and OpenBLAS's products agree over sizes at the borders of tiles, layouts and levels") {
  const RestoreGemm restore;
  // Around the rows and columns of every level's tile, its blocks and strips.
  const std::vector<int64_t> sizes = {2, 3, 4, 5, 6, 7, 13, 14, 15, 16, 17, 31, 32, 33, 48, 63, 65, 127, 145, 257};
  const std::vector<int64_t> depths = {1, 2, 3, 4, 5, 7, 8, 16, 63, 255, 256, 257, 513};
  std::mt19937 generator(20);
  const auto pick = [&](const std::vector<int64_t>& from) {
    return from[std::uniform_int_distribution<size_t>(0, from.size() - 1)(generator)];
  };
  for (int i = 0; i < 400; ++i) {
    const int64_t m = pick(sizes), n = pick(sizes), k = pick(depths), batch = pick({1, 1, 1, 2, 17});
    const int64_t left = pick({0, 1, 2, 3, 4, 5}), right = pick({0, 1, 2, 3, 4, 5});
    const DType dtype = i % 4 == 0 ? DType::float64 : DType::float32;
    CAPTURE(fmt::format("{} x [{} {}] [{} {}] layouts {} {} {}", batch, m, k, k, n, left, right, name_of(dtype)));
    const Tensor a = laid_out(left, batch, m, k, dtype), b = laid_out(right, batch, k, n, dtype);
    const Tensor expected = product(Gemm::openblas, a, b);
    for (const Isa isa : levels()) {
      cpu_kernels::set_active_isa(isa);
      CAPTURE(cpu_kernels::name_of(isa));
      CHECK(agree(product(Gemm::own, a, b), expected, k));
    }
  }
}

TEST_CASE("a whole LSTM sequence is multiplied by whom set_gemm names") {
  const RestoreGemm restore;
  const int64_t time = 6, n = 33, h = 37;
  for (const DType dtype : {DType::float32, DType::float64}) {
    CAPTURE(name_of(dtype));
    const Tensor projected = normal({time, n, 4 * h}, dtype), weight = normal({4 * h, h}, dtype);
    const Tensor h0 = normal({n, h}, dtype), c0 = normal({n, h + 1}, dtype).slice(1, 0, h);
    const auto states = [&](Gemm gemm) {
      set_gemm(gemm);
      return lstm_sequence(projected, weight, h0, c0).states;
    };
    const LstmSequence by_steps = lstm_sequence(projected, weight, h0, c0);
    set_gemm(Gemm::openblas);
    h0.backend().Backend::lstm_sequence(projected, weight, {}, by_steps);
    by_steps.states.select(0, time + 1).copy_(by_steps.c.select(0, time));
    CHECK(equal_bits(states(Gemm::openblas), by_steps.states));
    CHECK(agree(states(Gemm::own), by_steps.states, 64 * h));
  }
}

TEST_CASE("own product: strips of either operand, a depth in slices, a shared operand in chunks") {
  const RestoreGemm restore;
  for (const Shape& s : std::vector<Shape>{{64, 1500, 100}, {1500, 50, 300}, {20, 31, 20000}, {200, 96, 9000}}) {
    CAPTURE(to_string(s));
    const Tensor a = normal({s[0], s[2]}), b = normal({s[2], s[1]});
    CHECK(agree(product(Gemm::own, a, b), product(Gemm::openblas, a, b), s[2]));
  }
  const Tensor a = normal({2100, 258}, DType::float64), b = normal({258, 2100}, DType::float64);
  CHECK(agree(product(Gemm::own, a, b), product(Gemm::openblas, a, b), 258));
}

TEST_CASE("own product: any kernel, and results of any strides") {
  const cpu_kernels::MicroKernel<float> wide = cpu_kernels::micro_kernel_of<WideSimd, float>();
  const cpu_kernels::MicroKernel<float> level = cpu_kernels::micro_kernel<float>();
  for (const Shape& s : std::vector<Shape>{{14, 32, 5}, {29, 70, 300}, {1, 1, 1}, {300, 33, 40}, {15, 31, 9000}}) {
    const int64_t m = s[0], n = s[1], k = s[2];
    const Tensor a = normal({m, k}), b = normal({k, n}), expected = matmul(a, b);
    const std::vector<Tensor> outputs = {empty({m, n}, {.device = cpu}), empty({n, m}, {.device = cpu}).transpose(),
                                         empty({m, 2 * n}, {.device = cpu}).slice(1, 0, 2 * n, 2)};
    for (const auto& kernel : {wide, level}) {
      for (const Tensor& y : outputs) {
        CAPTURE(fmt::format("{} strides {} kernel {} x {}", to_string(s), to_string(y.strides()), kernel.rows,
                            kernel.columns));
        y.fill_(NAN);  // what y held does not count
        cpu_kernels::run<float>(y.backend(), kernel,
                                {m,
                                 n,
                                 k,
                                 {a.data<float>(), k, 1},
                                 {b.data<float>(), 1, n},
                                 {y.data<float>(), y.strides()[0], y.strides()[1]}});
        CHECK(agree(y, expected, k));
      }
    }
  }
}

TEST_CASE("own product: NaN and infinities reach the outputs they belong to, and no others") {
  const RestoreGemm restore;
  for (const Isa isa : levels()) {
    cpu_kernels::set_active_isa(isa);
    for (const double bad : {double(NAN), double(INFINITY), -double(INFINITY)}) {
      for (const Shape& s : std::vector<Shape>{{7, 17, 5}, {33, 15, 257}, {100, 3, 6}}) {
        CAPTURE(fmt::format("{} {} {}", cpu_kernels::name_of(isa), bad, to_string(s)));
        const Tensor a = normal({s[0], s[2]}).clone(), b = normal({s[2], s[1]}).clone();
        a.set({s[0] - 1, 1}, bad);
        b.set({s[2] - 1, s[1] - 1}, bad);
        b.set({1, 0}, 0);  // 0 inf is NaN
        const std::vector<double> y = product(Gemm::own, a, b).to_vector<double>();
        const std::vector<double> expected = matmul(plain(a), plain(b)).to_vector<double>();
        for (size_t i = 0; i < y.size(); ++i) {
          const bool same = std::isfinite(expected[i])
                                ? std::fabs(y[i] - expected[i]) < 1e-3
                                : y[i] == expected[i] || (std::isnan(y[i]) && std::isnan(expected[i]));
          CHECK(same);
        }
      }
    }
  }
}

TEST_CASE("either product gives the same bits for any number of threads, on every level") {
  const RestoreGemm restore;
  const std::vector<std::vector<Shape>> operands = {{{128, 256}, {256, 1000}},  {{1500, 300}, {300, 50}},
                                                    {{10, 40000}, {40000, 33}}, {{130, 5000}, {5000, 96}},
                                                    {{70, 9, 11}, {70, 11, 5}}, {{3, 150, 70}, {3, 70, 160}}};
  for (const Isa isa : levels()) {
    cpu_kernels::set_active_isa(isa);
    for (const std::vector<Shape>& shapes : operands) {
      for (const Gemm gemm : {Gemm::own, Gemm::openblas, Gemm::automatic}) {
        const Tensor a = normal(shapes[0]), b = normal(shapes[1]);
        set_num_threads(1);
        const Tensor expected = product(gemm, a, b);
        for (const int threads : {2, 3, 4}) {
          CAPTURE(fmt::format("{} {} {} {} threads", cpu_kernels::name_of(isa), to_string(shapes[0]), name_of(gemm),
                              threads));
          set_num_threads(threads);
          CHECK(equal_bits(product(gemm, a, b), expected));
        }
      }
    }
  }
}

TEST_CASE("own product: a row's bits do not depend on the rows beside it") {
  const RestoreGemm restore;
  const Tensor a = normal({200, 700}), b = normal({700, 90}), all = product(Gemm::own, a, b);
  for (const int64_t first : {0, 3, 64, 130}) {
    CAPTURE(first);
    CHECK(equal_bits(product(Gemm::own, a.slice(0, first, first + 37), b), all.slice(0, first, first + 37)));
  }
}

TEST_CASE("gemm: names, the setting, the description; only OpenBLAS has 32-bit sizes") {
  const RestoreGemm restore;
  for (const auto& [gemm, name] : gemms) {
    CHECK(parse_gemm(name) == gemm);
    CHECK(name_of(gemm) == name);
    set_gemm(gemm);
    CHECK(gemm_in_use() == gemm);
    CHECK(backend_of(cpu).description().find(fmt::format("gemm {}", name)) != std::string::npos);
  }
  CHECK_THROWS_WITH_AS(parse_gemm("mkl"), "gemm: 'mkl' is unknown; hint: use auto, own or openblas", Error);
  const int64_t long_axis = (int64_t{1} << 31) + 1;
  const Tensor one = ones({1, 1}, {.device = cpu});
  CHECK_THROWS_WITH_AS(product(Gemm::openblas, one.expand({2, long_axis}), one.expand({long_axis, 2})),
                       "matmul: a size of 2147483649 is beyond OpenBLAS's 32-bit sizes; hint: set_gemm(Gemm::own)",
                       Error);
}
