// tests/backends/vector_ops_test.cpp: float32 ops of the cpu backend against the standard library in float64
#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "tensor/create.h"
#include "tensor/elementwise.h"
#include "tensor/softmax.h"
#include "tests/backends/against_reference.h"
#include "tests/backends/relative_error.h"

using namespace weft;
using namespace weft::test;
using cpu_kernels::Isa;

namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

double logistic(double x) { return 1 / (1 + std::exp(-x)); }
double log1p_exp(double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::fabs(x))); }
double log_logistic(double x) { return std::min(x, 0.0) - std::log1p(std::exp(-std::fabs(x))); }
double elu_of(double x) { return x > 0 ? x : std::expm1(x); }
double gelu_tanh_of(double x) { return x * logistic(2 * std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)); }

struct Stated {
  std::string name;
  std::function<Tensor(const Tensor&)> op;
  std::function<double(double)> truth;
  double ulp;
  double low = -kInfinite;  ///< the error holds from here
};

const Stated kStated[] = {
    {"exp", [](const Tensor& x) { return exp(x); }, [](double x) { return std::exp(x); }, 1},
    {"expm1", [](const Tensor& x) { return expm1(x); }, [](double x) { return std::expm1(x); }, 2},
    {"log", [](const Tensor& x) { return log(x); }, [](double x) { return std::log(x); }, 1},
    {"log1p", [](const Tensor& x) { return log1p(x); }, [](double x) { return std::log1p(x); }, 2},
    {"tanh", [](const Tensor& x) { return tanh(x); }, [](double x) { return std::tanh(x); }, 2},
    {"sigmoid", [](const Tensor& x) { return sigmoid(x); }, logistic, 3, -87},
    {"silu", [](const Tensor& x) { return silu(x); }, [](double x) { return x * logistic(x); }, 3, -87},
    {"log_sigmoid", [](const Tensor& x) { return log_sigmoid(x); }, log_logistic, 2},
    {"softplus", [](const Tensor& x) { return softplus(x); }, log1p_exp, 2},
    {"mish", [](const Tensor& x) { return mish(x); }, [](double x) { return x * std::tanh(log1p_exp(x)); }, 4, -87},
    {"gelu_tanh", [](const Tensor& x) { return gelu(x, GeluForm::tanh); }, gelu_tanh_of, 4, 0},
    {"selu", [](const Tensor& x) { return selu(x); },
     [](double x) { return 1.0507009873554804934 * (x > 0 ? x : 1.6732632423543772848 * std::expm1(x)); }, 3},
    {"elu", [](const Tensor& x) { return elu(x); }, elu_of, 3},
};

/// What `y` is wrong by, in units in the last place of a float32 as large as `truth`. Infinite when it is not even of
/// the truth's kind (NaN, inf) and sign; a truth that float32 rounds to 0 may have either sign.
double ulp_between(float y, double truth) {
  const float rounded = static_cast<float>(truth);
  if (std::isnan(truth)) return std::isnan(y) ? 0 : kInfinite;
  if (std::isinf(rounded)) return y == rounded ? 0 : kInfinite;
  if (std::signbit(y) != std::signbit(rounded) && (rounded != 0 || truth == 0)) return kInfinite;
  const double size = std::max<double>(std::fabs(truth), std::numeric_limits<float>::min());
  return std::fabs(y - truth) / std::ldexp(1.0, std::ilogb(size) - 23);
}

/// Every exponent with many mantissas, both signs; closer around 0 and 1; where a function ends and where formulas
/// meet.
std::vector<float> points() {
  std::vector<float> all = {0.0f, 1.0f, 20.0f, 87.33f, 87.34f, 88.72f, 88.73f, 103.9f, 104.0f, 1e20f, 3.4028235e38f};
  all.insert(all.end(), {1.4e-45f, 1e-40f, 1.1754942e-38f, 1.1754944e-38f, 0.625f, 0.34657359f, 0.41421356f});
  all.insert(all.end(), {0.70710678f, 1.41421356f, 0.99999994f, 1.0000001f, INFINITY, NAN});
  for (uint32_t bits = 1; bits < 0x7f800000u; bits += 35317u) all.push_back(std::bit_cast<float>(bits));
  for (int i = 0; i < 60000; ++i) all.push_back(static_cast<float>(i) * 3.07e-5f);    // to 1.8
  for (int i = 0; i < 60000; ++i) all.push_back(static_cast<float>(i) * 1.7513e-3f);  // to 105
  const size_t positive = all.size();
  for (size_t i = 0; i < positive; ++i) all.push_back(-all[i]);
  return all;
}

bool same_values(const Tensor& a, const Tensor& b) { return a.to_vector<float>() == b.to_vector<float>(); }

}  // namespace

TEST_CASE("cpu: float32 ops keep the errors they state, and inf, NaN and the sign of zero") {
  const RestoreIsa restore;
  const std::vector<float> x = points();
  const Tensor on_cpu = from_data(x, {static_cast<int64_t>(x.size())}, cpu);
  for (const Isa isa : {Isa::baseline, Isa::avx2, Isa::avx512}) {
    if (isa > cpu_kernels::best_isa()) continue;
    cpu_kernels::set_active_isa(isa);
    for (const Stated& stated : kStated) {
      const std::vector<float> y = stated.op(on_cpu).to_vector<float>();
      double worst = 0, at = 0;
      for (size_t i = 0; i < x.size(); ++i) {
        if (x[i] < stated.low && x[i] > -kInfinite) continue;
        if (const double error = ulp_between(y[i], stated.truth(x[i])); error > worst) worst = error, at = x[i];
      }
      CAPTURE(cpu_kernels::name_of(isa));
      CAPTURE(stated.name);
      CAPTURE(at);
      CHECK(worst < stated.ulp);
    }
  }
}

TEST_CASE("cpu: gelu by tanh keeps the absolute error it states below 0") {
  std::vector<float> x;
  for (int i = 0; i < 40000; ++i) x.push_back(static_cast<float>(i) * -3.07e-4f);
  const Tensor on_cpu = from_data(x, {static_cast<int64_t>(x.size())}, cpu);
  const std::vector<float> y = gelu(on_cpu, GeluForm::tanh).to_vector<float>();
  double worst = 0;
  for (size_t i = 1; i < x.size(); ++i) worst = std::max(worst, std::fabs((y[i] - gelu_tanh_of(x[i])) / x[i]));
  CHECK(worst < 2e-7);
}

TEST_CASE("cpu: float32 ops fall to 0 where the standard library's formula does") {
  const Tensor x = tensor<float>({-89, -200, -3e38f}, {}, cpu);
  CHECK(sigmoid(x).to_vector<float>() == std::vector<float>(3, 0));
  CHECK(silu(x).to_vector<float>() == std::vector<float>(3, 0));
}

TEST_CASE("cpu: an element has the same bits wherever it stands") {
  const RestoreIsa restore;
  const Tensor x = normal({40, 103}).contiguous() * 9;
  for (const Isa isa : {Isa::baseline, Isa::avx2, Isa::avx512}) {
    if (isa > cpu_kernels::best_isa()) continue;
    cpu_kernels::set_active_isa(isa);
    for (const Stated& stated : kStated) {
      CAPTURE(stated.name);
      const Tensor positive = stated.name.starts_with("log") ? abs(x) : x, y = stated.op(positive);
      CHECK(same_values(stated.op(positive.transpose()), y.transpose()));
      CHECK(same_values(stated.op(positive.slice(1, 0, 103, 3)), y.slice(1, 0, 103, 3)));
      for (int64_t first = 1; first < 20; ++first) {
        const Tensor part = positive.slice(1, first, 103 - first / 2);
        CHECK(same_values(stated.op(part), y.slice(1, first, 103 - first / 2)));
        CHECK(same_values(stated.op(part.contiguous()), y.slice(1, first, 103 - first / 2)));
      }
    }
  }
}

TEST_CASE("cpu: log_softmax of rows that fill registers in part") {
  for (const int64_t columns : {1, 2, 7, 15, 16, 17, 31, 32, 33, 50, 129}) {
    CAPTURE(columns);
    for (const auto& [dtype, tolerance] : {std::pair{DType::float32, 1e-6}, std::pair{DType::float64, 1e-14}}) {
      const Tensor x = (normal({6, columns}, dtype) * 5).clone();
      CHECK(relative_error(log_softmax(x, 1), log_softmax(plain(x), 1)) < tolerance);
      x.slice(0, 1, 2).fill_(-INFINITY);
      x.slice(0, 2, 3).slice(1, columns - 1).fill_(NAN);
      x.slice(0, 3, 4).slice(1, columns - 1).fill_(INFINITY);
      x.slice(0, 4, 5).slice(1, columns - 1).fill_(-INFINITY);
      CHECK(relative_error(log_softmax(x, 1), log_softmax(plain(x), 1)) < tolerance);
    }
  }
}
