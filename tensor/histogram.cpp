// tensor/histogram.cpp: counting, by adding ones at computed positions
#include <algorithm>
#include <cmath>
#include <limits>

#include "tensor/checks.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"
#include "tensor/indexing.h"
#include "tensor/reduce.h"
#include "tensor/sort.h"

namespace weft {
namespace {

/// How many counters x needs.
int64_t check_bincount(const Tensor& x, int64_t at_least) {
  check_rank("bincount", "x", x, 1);
  check_int64("bincount", "x", x);
  if (at_least < 0) fail("bincount", "at_least is {}, and must be 0 or more", at_least);
  if (x.numel() == 0) return at_least;
  const int64_t smallest = min(x).item<int64_t>();
  if (smallest < 0) fail("bincount", "x holds {}, and must be 0 or more: x is {}", smallest, x.describe());
  const int64_t largest = max(x).item<int64_t>();
  if (largest == INT64_MAX) fail("bincount", "x holds {}, which is too large: x is {}", largest, x.describe());
  return std::max(largest + 1, at_least);
}

}  // namespace

Tensor bincount(const Tensor& x, int64_t at_least) {
  const int64_t size = check_bincount(x, at_least);
  const TensorOptions integers{.dtype = DType::int64, .device = x.device()};
  return ungather(ones(x.shape(), integers), 0, x, {size});
}

Tensor bincount(const Tensor& x, const Tensor& weights, int64_t at_least) {
  check_same_device("bincount", x, weights);
  if (weights.shape() != x.shape() || weights.dtype() == DType::boolean) {
    fail("bincount", "weights are {}, x is {}; hint: weights are numbers of x's shape", weights.describe(),
         x.describe());
  }
  const int64_t size = check_bincount(x, at_least);
  return ungather(weights, 0, x, {size});
}

Tensor histc(const Tensor& x, int64_t bins, double low, double high) {
  check_floating("histc", x);
  if (bins < 1) fail("histc", "bins is {}, and must be 1 or more", bins);
  check_allocatable("histc", {bins}, DType::int64);
  if (low == high && x.numel() > 0) {
    low = min(x).item();
    high = max(x).item();
  }
  if (!std::isfinite(low) || !std::isfinite(high) || low > high)
    fail("histc", "the range [{}, {}] must be rising, and its ends finite", low, high);
  if (low == high) {
    constexpr double kLargest = std::numeric_limits<double>::max();
    const double step = std::max(1.0, std::fabs(low) * 0x1p-50);  // 1 is nothing beside 1e300
    low = std::max(-kLargest, low - step);
    high = std::min(kLargest, high + step);
  }
  // In double, which holds every bound and number of bins; halved where the width of the range would overflow.
  const double scale = std::isfinite(high - low) ? 1 : 0.5, width = high * scale - low * scale;
  const Tensor wide = x.to(DType::float64), share = (wide * scale - low * scale) / width;
  const Tensor place = minimum(floor(share * static_cast<double>(bins)), bins - 1);
  const Tensor inside = logical_and(greater_equal(wide, low), less_equal(wide, high));
  const Tensor outside = full(x.shape(), bins, {.dtype = DType::int64, .device = x.device()});
  const Tensor bin = where(inside, place.to(DType::int64), outside).reshape({-1});
  return bincount(bin, bins + 1).slice(0, 0, bins).to(x.dtype()).contiguous();
}

}  // namespace weft
