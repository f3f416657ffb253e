// tests/backends/vector_maths_test.cpp: the cpu backend's exp, sigmoid and tanh for gates against the standard library
#include "backends/cpu/vector_maths.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace weft::cpu_kernels;

namespace {

/// Largest error over a fine grid on [low, high], in units in the last place of the true value.
double worst_ulp(float (*f)(float), double (*truth)(double), double low, double high) {
  constexpr int kPoints = 400003;
  double worst = 0;
  for (int i = 0; i <= kPoints; ++i) {
    const float x = static_cast<float>(low + (high - low) * i / kPoints);
    const double expected = truth(x), size = std::max(std::fabs(expected), 1e-37);
    const double ulp = std::ldexp(1.0, std::ilogb(size) - 23);
    worst = std::max(worst, std::fabs(f(x) - expected) / ulp);
  }
  return worst;
}

double sigmoid_of(double x) { return 1 / (1 + std::exp(-x)); }

}  // namespace

TEST_CASE("cpu: vectorised exp, sigmoid and tanh keep the errors they state") {
  CHECK(worst_ulp(vector_exp_clamped, std::exp, -87, 88) < 1);
  CHECK(worst_ulp(vector_sigmoid, sigmoid_of, -84, 20) < 3);
  CHECK(worst_ulp(vector_tanh, std::tanh, -10, 10) < 2);
  CHECK(worst_ulp(vector_tanh, std::tanh, -1e-3, 1e-3) < 2);
}

TEST_CASE("cpu: vectorised exp, sigmoid and tanh at the ends") {
  const float inf = std::numeric_limits<float>::infinity();
  CHECK(vector_exp_clamped(inf) == vector_exp_clamped(88));
  CHECK(vector_exp_clamped(-inf) == vector_exp_clamped(-87));
  CHECK(vector_sigmoid(inf) == 1);
  CHECK(vector_sigmoid(-inf) < 1e-37f);
  CHECK(vector_tanh(inf) == 1);
  CHECK(vector_tanh(-inf) == -1);
  CHECK(std::signbit(vector_tanh(-0.0f)));
  CHECK(vector_tanh(-0.0f) == 0);
  for (float (*f)(float) : {+[](float x) { return vector_exp_clamped(x); }, +[](float x) { return vector_sigmoid(x); },
                            +[](float x) { return vector_tanh(x); }}) {
    CHECK(std::isnan(f(std::nanf(""))));
  }
}
