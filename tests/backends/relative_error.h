// tests/backends/relative_error.h: how far a result on one device is from that of another
#pragma once
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "tensor/tensor.h"

namespace weft::test {

/// The largest difference, relative to the largest finite value expected. Infinite when one alone is NaN, or infinite;
/// NaN equals NaN. Fails when the shapes differ.
inline double relative_error(const Tensor& actual, const Tensor& expected) {
  REQUIRE(actual.shape() == expected.shape());
  const std::vector<double> a = actual.to_vector<double>(), b = expected.to_vector<double>();
  double worst = 0, scale = 1e-30;
  for (size_t i = 0; i < a.size(); ++i) {
    if (std::isfinite(b[i])) scale = std::max(scale, std::fabs(b[i]));
    if (a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i]))) continue;
    worst = std::isfinite(a[i] - b[i]) ? std::max(worst, std::fabs(a[i] - b[i])) : INFINITY;
  }
  return worst / scale;
}

}  // namespace weft::test
