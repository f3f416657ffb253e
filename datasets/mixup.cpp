// datasets/mixup.cpp: a permutation, a Beta variate a pair, and two weighted sums
#include "datasets/mixup.h"

#include <cmath>

#include "datasets/derived_stream.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"
#include "tensor/embedding.h"
#include "tensor/indexing.h"

namespace weft::datasets {
namespace {

constexpr std::string_view kMixup = "mixup";

/// Logarithm of a Gamma(shape, 1) variate: Marsaglia and Tsang, "A simple method for generating gamma variables"
/// (2000). Below 1, Gamma(shape) = Gamma(shape + 1) U^(1 / shape); the logarithm keeps what would round to 0.
double log_gamma_variate(double shape, RandomStream& stream) {
  if (shape < 1) return log_gamma_variate(shape + 1, stream) + std::log1p(-stream.uniform()) / shape;
  const double d = shape - 1.0 / 3, c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = stream.normal(), root = 1 + c * x;
    if (root <= 0) continue;
    const double v = root * root * root;
    if (std::log1p(-stream.uniform()) < 0.5 * x * x + d - d * v + d * std::log(v)) return std::log(d * v);
  }
}

/// Beta(alpha, alpha) = G / (G + G') of two Gamma(alpha) variates.
double beta_variate(double alpha, RandomStream& stream) {
  const double a = log_gamma_variate(alpha, stream), b = log_gamma_variate(alpha, stream);
  return 1 / (1 + std::exp(b - a));
}

}  // namespace

MixedBatch mixup(const Tensor& images, const Tensor& labels, int64_t classes, double alpha, RandomStream& augment) {
  if (images.rank() < 1 || !is_floating(images.dtype()))
    fail(kMixup, "images must be floats [n, ...], got {}", images.describe());
  if (labels.dtype() != DType::int64 || labels.rank() != 1 || labels.size(0) != images.size(0))
    fail(kMixup, "labels must be int64 [{}], got {}", images.size(0), labels.describe());
  if (!(alpha > 0 && std::isfinite(alpha))) fail(kMixup, "alpha {} is not positive", alpha);
  if (classes < 1) fail(kMixup, "classes {} is not positive", classes);
  const Tensor targets = one_hot(labels, classes).to(images.dtype());

  RandomStream order = split_off(augment);
  const Tensor partner = random_permutation(images.size(0), order, images.device());
  std::vector<double> shares(static_cast<size_t>(images.size(0)));
  for (double& share : shares) {
    RandomStream own = split_off(augment);
    share = beta_variate(alpha, own);
  }
  const auto mix = [&](const Tensor& x) {
    Shape column = x.shape();
    for (int64_t axis = 1; axis < x.rank(); ++axis) column[axis] = 1;
    const Tensor t = from_data(shares, column, cpu).to(x.dtype()).to(x.device());
    return add(mul(t, x), mul(sub(ones_like(t), t), index_select(x, 0, partner)));
  };
  return {mix(images), mix(targets)};
}

}  // namespace weft::datasets
