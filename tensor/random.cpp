// tensor/random.cpp: streams, and the tensors drawn from them
#include "tensor/random.h"

#include <cmath>
#include <numeric>

#include "tensor/backend.h"
#include "tensor/checks.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"
#include "tensor/matmul.h"

namespace weft {
namespace {

Tensor drawn(std::string_view op, const Shape& shape, RandomStream& stream, const RandomOp& wanted,
             const TensorOptions& options) {
  if (!is_floating(options.dtype)) fail(op, "needs a floating dtype, not {}", name_of(options.dtype));
  Tensor y = empty(shape, options);
  const RandomOp draw = stream.draw(wanted.distribution, wanted.a, wanted.b, y.numel());
  if (y.numel() > 0) y.backend().random(draw, y);
  return y;
}

void check_normal(std::string_view op, double mean, double deviation) {
  if (!std::isfinite(mean) || !std::isfinite(deviation) || deviation < 0) {
    fail(op, "mean {} and deviation {} must be finite, the deviation 0 or more", mean, deviation);
  }
}

}  // namespace

RandomOp RandomStream::draw(Distribution distribution, double a, double b, int64_t count) {
  if (count < 0) fail("RandomStream", "cannot draw {} values", count);
  StreamWatch::before_draw(*this);
  const RandomOp op{.distribution = distribution, .a = a, .b = b, .seed = seed_, .stream = stream_, .first = position_};
  position_ += static_cast<uint64_t>(count);
  return op;
}

double RandomStream::uniform() { return random_value(draw(Distribution::uniform, 0, 1, 1), 0); }

double RandomStream::normal() { return random_value(draw(Distribution::normal, 0, 1, 1), 0); }

int64_t RandomStream::below(int64_t bound) {
  if (bound < 1) fail("RandomStream::below", "the bound is {}, and must be 1 or more", bound);
  const uint64_t range = static_cast<uint64_t>(bound);
  const uint64_t excess = (uint64_t{0} - range) % range;  // 2^64 mod range: so many values would favour the low results
  StreamWatch::before_draw(*this);
  const uint64_t position = position_++;
  for (uint32_t attempt = 0;; ++attempt) {
    const auto bits = random_bits(seed_, stream_, position, attempt);
    const uint64_t value = uint64_t{bits[0]} << 32 | bits[1];
    if (value >= excess) return static_cast<int64_t>(value % range);
  }
}

Tensor random_uniform(const Shape& shape, RandomStream& stream, double low, double high, TensorOptions options) {
  if (!(std::isfinite(low) && std::isfinite(high) && std::isfinite(high - low) && low <= high)) {
    fail("random_uniform", "the range [{}, {}) must be rising, its ends and its width finite", low, high);
  }
  return drawn("random_uniform", shape, stream, {.distribution = Distribution::uniform, .a = low, .b = high}, options);
}

Tensor random_normal(const Shape& shape, RandomStream& stream, double mean, double deviation, TensorOptions options) {
  check_normal("random_normal", mean, deviation);
  return drawn("random_normal", shape, stream, {.distribution = Distribution::normal, .a = mean, .b = deviation},
               options);
}

Tensor random_truncated_normal(const Shape& shape, RandomStream& stream, double mean, double deviation,
                               TensorOptions options) {
  check_normal("random_truncated_normal", mean, deviation);
  return drawn("random_truncated_normal", shape, stream,
               {.distribution = Distribution::truncated_normal, .a = mean, .b = deviation}, options);
}

Tensor random_exponential(const Shape& shape, RandomStream& stream, double rate, TensorOptions options) {
  if (!std::isfinite(rate) || rate <= 0) fail("random_exponential", "the rate is {}, and must be above 0", rate);
  return drawn("random_exponential", shape, stream, {.distribution = Distribution::exponential, .a = 0, .b = rate},
               options);
}

Tensor random_multivariate_normal(const Tensor& mean, const Tensor& cholesky, int64_t count, RandomStream& stream) {
  constexpr std::string_view op = "random_multivariate_normal";
  check_floating(op, mean);
  check_same_device(op, mean, cholesky);
  check_same_dtype(op, mean, cholesky);
  if (mean.rank() != 1 || cholesky.shape() != Shape{mean.numel(), mean.numel()}) {
    fail(op, "mean is {}, cholesky is {}; hint: they are [d] and [d, d]", mean.describe(), cholesky.describe());
  }
  if (count < 0) fail(op, "count is {}, and must be 0 or more", count);
  const Tensor z = random_normal({count, mean.numel()}, stream, 0, 1, {mean.dtype(), mean.device()});
  return matmul(z, cholesky.transpose()) + mean;
}

Tensor random_permutation(int64_t n, RandomStream& stream, std::optional<Device> device) {
  if (n < 0) fail("random_permutation", "n is {}, and must be 0 or more", n);
  empty({n}, {.dtype = DType::int64, .device = device});  // says it in words when there is no room
  std::vector<int64_t> order(static_cast<size_t>(n));
  std::iota(order.begin(), order.end(), int64_t{0});
  for (int64_t i = n - 1; i > 0; --i) {
    std::swap(order[static_cast<size_t>(i)], order[static_cast<size_t>(stream.below(i + 1))]);
  }
  return from_data(order, {n}, device);
}

}  // namespace weft
