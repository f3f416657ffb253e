// tensor/allclose.cpp: whether two tensors agree, and where they differ most
#include "tensor/allclose.h"

#include <cmath>
#include <limits>
#include <vector>

#include "tensor/checks.h"

namespace weft {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Worst {
  int64_t count = 0, element = 0;
  double excess = -1;  ///< error / allowed, infinite where no error is allowed or a value is not finite
};

/// `T` holds every element exactly: int64_t for bool and integers, else double.
template <class T>
double error_between(T a, T e) {
  if (a == e) return 0;
  if constexpr (std::is_same_v<T, int64_t>) {
    return static_cast<double>(a > e ? static_cast<uint64_t>(a) - static_cast<uint64_t>(e)
                                     : static_cast<uint64_t>(e) - static_cast<uint64_t>(a));
  } else {
    return std::isfinite(a) && std::isfinite(e) ? std::fabs(a - e) : kInfinity;
  }
}

/// `allowed(i)` is the error that element i may have.
template <class T, class Allowed>
Comparison compare_elements(const Tensor& actual, const Tensor& expected, bool equal_nan, const Allowed& allowed) {
  const std::vector<T> a = actual.to_vector<T>(), e = expected.to_vector<T>();
  Worst worst;
  for (size_t i = 0; i < a.size(); ++i) {
    if (equal_nan && a[i] != a[i] && e[i] != e[i]) continue;
    const double error = error_between(a[i], e[i]), limit = allowed(i, static_cast<double>(e[i]));
    if (error == 0 || (error <= limit && error < kInfinity)) continue;
    ++worst.count;
    const double excess = limit > 0 && limit < kInfinity ? error / limit : kInfinity;
    if (!(excess > worst.excess)) continue;
    worst.excess = excess;
    worst.element = static_cast<int64_t>(i);
  }
  if (worst.count == 0) return {};
  const auto at = static_cast<size_t>(worst.element);
  const double error = error_between(a[at], e[at]);
  return {false,
          fmt::format("{} of {} elements of {} differ; worst at {}: {}, expected {}: error {:.3g} absolute, {:.3g} "
                      "relative, {:.3g} allowed",
                      worst.count, a.size(), actual.describe(), to_string(unravel(worst.element, actual.shape())),
                      a[at], e[at], error, error / std::fabs(static_cast<double>(e[at])),
                      allowed(at, static_cast<double>(e[at])))};
}

template <class Allowed>
Comparison compare_with(const Tensor& actual, const Tensor& expected, bool equal_nan, const Allowed& allowed) {
  check_defined("compare", actual);
  check_defined("compare", expected);
  if (actual.shape() != expected.shape() || actual.dtype() != expected.dtype()) {
    return {false, fmt::format("result is {}, expected {}", actual.describe(), expected.describe())};
  }
  if (kind_of(actual.dtype()) == 2) return compare_elements<double>(actual, expected, equal_nan, allowed);
  return compare_elements<int64_t>(actual, expected, equal_nan, allowed);
}

}  // namespace

Comparison compare(const Tensor& actual, const Tensor& expected, const Closeness& closeness) {
  return compare_with(actual, expected, closeness.equal_nan,
                      [&closeness](size_t, double e) { return closeness.atol + closeness.rtol * std::fabs(e); });
}

Comparison compare_within(const Tensor& actual, const Tensor& expected, const Tensor& allowed) {
  check_defined("compare_within", allowed);
  if (allowed.shape() != expected.shape()) {
    fail("compare_within", "the allowed error is {}, expected is {}; hint: it has one element for each",
         allowed.describe(), expected.describe());
  }
  return compare_with(actual, expected, true,
                      [limits = allowed.to_vector<double>()](size_t i, double) { return limits[i]; });
}

bool allclose(const Tensor& a, const Tensor& b, double rtol, double atol, bool equal_nan) {
  check_defined("allclose", a);
  check_defined("allclose", b);
  if (a.shape() != b.shape()) {
    fail("allclose", "shapes differ: {} and {}; hint: reshape one", a.describe(), b.describe());
  }
  const DType dtype = promote(a.dtype(), b.dtype());
  return compare(a.to(dtype), b.to(dtype), {rtol, atol, equal_nan}).ok;
}

}  // namespace weft
