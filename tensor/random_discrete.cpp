// tensor/random_discrete.cpp: random choices, from uniform and exponential numbers
#include "tensor/random_discrete.h"

#include <algorithm>
#include <limits>

#include "tensor/checks.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"
#include "tensor/reduce.h"
#include "tensor/scan.h"
#include "tensor/softmax.h"
#include "tensor/sort.h"

namespace weft {
namespace {

constexpr int64_t kMostIntegers = int64_t{1} << 53;  // as many as a uniform number has values

/// Throws: `value` is no value of `dtype`; floats hold all integers up to 2^(digits of the fraction).
void check_holds(std::string_view op, int64_t value, DType dtype) {
  check_fits(op, value, dtype);
  const int64_t largest = dtype == DType::boolean    ? 1
                          : dtype == DType::bfloat16 ? int64_t{1} << 8
                          : dtype == DType::float32  ? int64_t{1} << 24
                          : dtype == DType::float64  ? int64_t{1} << 53
                                                     : std::numeric_limits<int64_t>::max();
  const int64_t smallest = dtype == DType::boolean ? 0 : -largest;
  if (!is_integer(dtype) && (value < smallest || value > largest))
    fail(op, "{} does not fit {}, which holds the integers from {} to {}", value, name_of(dtype), smallest, largest);
}

/// weights [m, n]
void check_weights(std::string_view op, const Tensor& weights, int64_t least_above_zero) {
  if (weights.numel() == 0) fail(op, "there is nothing to choose from: weights are {}", weights.describe());
  const Tensor usable = logical_and(greater_equal(weights, 0), less(weights, std::numeric_limits<double>::infinity()));
  if (!all(usable).item<bool>()) fail(op, "a weight is negative or not finite: weights are {}", weights.describe());
  const int64_t fewest = min(count_nonzero(weights, {1})).item<int64_t>();
  if (fewest < least_above_zero) {
    fail(op, "{} categories are wanted, but a row has {} weights above 0: weights are {}", least_above_zero, fewest,
         weights.describe());
  }
}

/// The category whose share of the running total a uniform number falls into.  weights [m, n] float64 -> [m, count]
Tensor with_replacement(const Tensor& weights, int64_t count, RandomStream& stream) {
  const Tensor total = cumsum(weights, 1), whole = total.slice(1, -1, total.size(1));
  const Tensor u = random_uniform({weights.size(0), count}, stream, 0, 1, {DType::float64, weights.device()});
  // Rounding can take u times the whole up to the whole: then it is the last category with a share.
  return minimum(searchsorted(total, u * whole, Side::right), searchsorted(total, whole, Side::left));
}

/// The first of exponential clocks with rates w_i to ring is i with probability w_i / sum(w), and then the next one
/// among those left.  weights [m, n] float64, `never` where they are 0 -> [m, count]
Tensor without_replacement(const Tensor& weights, const Tensor& never, int64_t count, RandomStream& stream) {
  const Tensor clock = random_exponential(weights.shape(), stream, 1, {DType::float64, weights.device()}) / weights;
  // NaN comes after inf, which is the clock of a weight that is tiny beside the largest.
  return topk(masked_fill(clock, never, std::numeric_limits<double>::quiet_NaN()), count, 1, SortOrder::ascending)
      .indices;
}

}  // namespace

Tensor random_bernoulli(const Shape& shape, RandomStream& stream, double p, TensorOptions options) {
  if (!(p >= 0 && p <= 1)) fail("random_bernoulli", "p is {}, and must be in [0, 1]", p);
  const Tensor u = random_uniform(shape, stream, 0, 1, {DType::float64, options.device});
  return less(u, p).to(options.dtype);
}

Tensor random_bernoulli(const Tensor& probabilities, RandomStream& stream) {
  check_floating("random_bernoulli", probabilities);
  const Tensor usable = logical_and(greater_equal(probabilities, 0), less_equal(probabilities, 1));
  if (!all(usable).item<bool>()) {
    fail("random_bernoulli", "a probability is not in [0, 1]: probabilities are {}", probabilities.describe());
  }
  const Tensor u = random_uniform(probabilities.shape(), stream, 0, 1, {DType::float64, probabilities.device()});
  return less(u, probabilities).to(probabilities.dtype());
}

Tensor random_integers(const Shape& shape, RandomStream& stream, int64_t low, int64_t high, TensorOptions options) {
  if (low >= high) fail("random_integers", "low {} must be below high {}", low, high);
  const uint64_t range = static_cast<uint64_t>(high) - static_cast<uint64_t>(low);
  if (range > static_cast<uint64_t>(kMostIntegers)) {
    fail("random_integers", "there are more than 2^53 integers from {} to {}", low, high);
  }
  check_holds("random_integers", low, options.dtype);
  check_holds("random_integers", high - 1, options.dtype);
  const TensorOptions doubles{.dtype = DType::float64, .device = options.device};
  return (floor(random_uniform(shape, stream, 0, static_cast<double>(range), doubles)).to(DType::int64) + low)
      .to(options.dtype);
}

Tensor random_multinomial(const Tensor& weights, int64_t count, RandomStream& stream, Replacement replacement) {
  constexpr std::string_view op = "random_multinomial";
  check_floating(op, weights);
  if (weights.rank() != 1 && weights.rank() != 2) fail(op, "weights are {}; hint: [n] or [m, n]", weights.describe());
  if (count < 0) fail(op, "count is {}, and must be 0 or more", count);
  const bool again = replacement == Replacement::yes;
  check_weights(op, weights.rank() == 1 ? weights.unsqueeze(0) : weights, again ? 1 : std::max<int64_t>(1, count));
  const Tensor plain = (weights.rank() == 1 ? weights.unsqueeze(0) : weights).to(DType::float64);
  const Tensor rows = plain / max(plain, {1}, Keep::dim);  // so that neither their sum nor a share leaves the range
  const Tensor chosen =
      again ? with_replacement(rows, count, stream) : without_replacement(rows, equal(plain, 0), count, stream);
  return weights.rank() == 1 ? chosen.squeeze(0) : chosen;
}

Tensor random_categorical(const Tensor& logits, RandomStream& stream) {
  constexpr std::string_view op = "random_categorical";
  check_floating(op, logits);
  normalize_axis(op, -1, logits);
  if (logits.size(-1) == 0) fail(op, "there is nothing to choose from: logits are {}", logits.describe());
  Shape shape = logits.shape();
  shape.erase(shape.size() - 1);
  if (logits.numel() == 0) return empty(shape, {.dtype = DType::int64, .device = logits.device()});
  const Tensor weights = softmax(logits.reshape({-1, logits.size(-1)}).to(DType::float64), 1);
  if (any(not_equal(weights, weights)).item<bool>()) {
    fail(op, "a row holds NaN or inf, or only -inf: logits are {}", logits.describe());
  }
  return with_replacement(weights, 1, stream).reshape(shape);
}

}  // namespace weft
