// tests/op_table/compare.cpp: normalised error, and why two tensors differ
#include "tests/op_table/compare.h"

#include <fmt/format.h>

#include <cmath>

namespace weft::op_table {

namespace {

std::string different_integers(const Tensor& actual, const Tensor& expected) {
  const auto a = actual.to_vector<int64_t>(), e = expected.to_vector<int64_t>();
  for (size_t i = 0; i < e.size(); ++i)
    if (a[i] != e[i]) return fmt::format("element {} is {}, expected {}", i, a[i], e[i]);
  return "";
}

double mean_of_magnitude(const std::vector<double>& values) {
  double total = 0;
  int64_t count = 0;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    total += std::fabs(value);
    ++count;
  }
  return count == 0 ? 0 : total / double(count);
}

std::string different_floats(const std::vector<double>& a, const std::vector<double>& e,
                             const std::vector<double>& magnitude, double tolerance) {
  const double typical = mean_of_magnitude(e);
  double worst = 0;
  std::string text;
  for (size_t i = 0; i < e.size(); ++i) {
    if (std::isnan(e[i]) && std::isnan(a[i])) continue;
    if (!std::isfinite(e[i]) || !std::isfinite(a[i])) {
      if (a[i] != e[i]) return fmt::format("element {} is {}, expected {}", i, a[i], e[i]);
      continue;
    }
    const double error = std::fabs(a[i] - e[i]);
    if (error == 0) continue;
    const double size = magnitude.empty() ? std::max(std::fabs(e[i]), typical) : magnitude[i];
    if (error <= tolerance * size || error / size <= worst) continue;
    worst = error / size;
    text =
        fmt::format("element {} is {}, expected {}: normalised error {:.2g} > {:.2g}", i, a[i], e[i], worst, tolerance);
  }
  return text;
}

}  // namespace

std::string difference(const Tensor& actual, const Tensor& expected, double tolerance, const Tensor& magnitude) {
  if (actual.shape() != expected.shape() || actual.dtype() != expected.dtype())
    return fmt::format("result is {}, expected {}", actual.describe(), expected.describe());
  if (!is_floating(expected.dtype())) return different_integers(actual, expected);
  return different_floats(actual.to_vector<double>(), expected.to_vector<double>(),
                          magnitude.defined() ? magnitude.to_vector<double>() : std::vector<double>{}, tolerance);
}

}  // namespace weft::op_table
