// tests/op_table/compare.cpp: the error that the policy allows
#include "tests/op_table/compare.h"

#include <fmt/format.h>

#include <cmath>
#include <vector>

#include "tensor/allclose.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"

namespace weft::op_table {

namespace {

double mean_of_magnitude(const Tensor& x) {
  double total = 0;
  int64_t count = 0;
  for (const double value : x.to_vector<double>()) {
    if (!std::isfinite(value)) continue;
    total += std::fabs(value);
    ++count;
  }
  return count == 0 ? 0 : total / double(count);
}

/// On `reference` and in float64, whatever is under test.
Tensor allowed_error(const Tensor& expected, double tolerance, const Tensor& magnitude) {
  const Tensor size = magnitude.defined() ? magnitude.to(reference).to(DType::float64)
                                          : maximum(abs(expected.to(reference).to(DType::float64)),
                                                    Scalar(mean_of_magnitude(expected)));
  return size * tolerance;
}

}  // namespace

std::string difference(const Tensor& actual, const Tensor& expected, double tolerance, const Tensor& magnitude) {
  if (!is_floating(expected.dtype())) return compare(actual, expected, {.rtol = 0, .atol = 0}).report;
  if (actual.shape() != expected.shape()) return compare(actual, expected).report;
  return compare_within(actual, expected, allowed_error(expected, tolerance, magnitude)).report;
}

std::string difference_of_all(const std::vector<Tensor>& actual, const std::vector<Tensor>& expected,
                              double tolerance) {
  if (actual.size() != expected.size()) return fmt::format("{} gradients, expected {}", actual.size(), expected.size());
  for (size_t i = 0; i < expected.size(); ++i)
    if (const std::string text = difference(actual[i], expected[i], tolerance); !text.empty())
      return fmt::format("gradient {}: {}", i, text);
  return "";
}

std::string difference_of_zeros(const Tensor& actual, const Tensor& expected) {
  if (!is_floating(expected.dtype())) return "";
  const std::vector<double> a = actual.to_vector<double>(), e = expected.to_vector<double>();
  for (size_t i = 0; i < a.size(); ++i)
    if (a[i] == 0 && e[i] == 0 && std::signbit(a[i]) != std::signbit(e[i]))
      return fmt::format("the zero at {} of {} is {}, expected {}",
                         to_string(unravel(static_cast<int64_t>(i), actual.shape())), actual.describe(), a[i], e[i]);
  return "";
}

}  // namespace weft::op_table
