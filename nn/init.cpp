// nn/init.cpp: initialisers
#include "nn/init.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "tensor/checks.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"
#include "tensor/indexing.h"
#include "tensor/linalg.h"
#include "tensor/triangle.h"

namespace weft::nn::init {
namespace {

/// Drawn where x lives and in its dtype.
TensorOptions like(const Tensor& x) { return {.dtype = x.dtype(), .device = x.device()}; }

double fan_of(const Tensor& x, Fan fan) {
  const Fans fans = fans_of(x);
  return static_cast<double>(fan == Fan::in ? fans.in : fans.out);
}

double fan_sum(const Tensor& x) {
  const Fans fans = fans_of(x);
  return static_cast<double>(fans.in + fans.out);
}

double normal_cdf(double z) { return std::erfc(-z * std::numbers::sqrt2 / 2) / 2; }

/// The z in [from, to] with normal_cdf(z) = p, by Newton's method on the logarithm: that is concave, so every step
/// after the first comes from the left.
double normal_quantile(double p, double from, double to) {
  p = std::max(p, std::numeric_limits<double>::min());
  double z = std::clamp(0.0, from, to);
  for (int i = 0; i < 100; ++i) {
    const double cdf = normal_cdf(z), density = std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi);
    const double next = std::clamp(z - std::log(cdf / p) * cdf / density, from, to);
    if (std::fabs(next - z) <= 1e-14 * std::max(1.0, std::fabs(z))) return next;
    z = next;
  }
  return z;
}

}  // namespace

Fans fans_of(const Tensor& weight) {
  if (weight.rank() < 2) {
    fail("fans_of", "weight is {}; hint: fans need two axes or more, [out, in, ...]", weight.describe());
  }
  return fans_of(weight.shape());
}

Fans fans_of(const Shape& shape) {
  if (shape.size() < 2)
    fail("fans_of", "weight is {}; hint: fans need two axes or more, [out, in, ...]", to_string(shape));
  int64_t field = 1;
  for (int64_t axis = 2; axis < shape.size(); ++axis) field *= shape[axis];
  return {.in = shape[1] * field, .out = shape[0] * field};
}

double calculate_gain(Nonlinearity nonlinearity, double slope) {
  switch (nonlinearity) {
    case Nonlinearity::linear:
    case Nonlinearity::sigmoid: return 1;
    case Nonlinearity::tanh: return 5.0 / 3;
    case Nonlinearity::leaky_relu: return std::sqrt(2 / (1 + slope * slope));
    case Nonlinearity::selu: return 3.0 / 4;
    case Nonlinearity::relu: break;
  }
  return std::sqrt(2.0);
}

void constant_(const Tensor& x, double value) {
  check_floating("constant_", x);
  x.fill_(value);
}
void zeros_(const Tensor& x) { constant_(x, 0); }
void ones_(const Tensor& x) { constant_(x, 1); }

void eye_(const Tensor& x) {
  check_floating("eye_", x);
  if (x.rank() != 2) fail("eye_", "x is {}; hint: it takes a matrix", x.describe());
  x.fill_(0);
  for (int64_t i = 0; i < std::min(x.size(0), x.size(1)); ++i) x.select(0, i).select(0, i).fill_(1);
}

void dirac_(const Tensor& x, int64_t groups) {
  check_floating("dirac_", x);
  if (x.rank() < 3 || x.rank() > 5) fail("dirac_", "x is {}; hint: it takes [out, in, k1, ...]", x.describe());
  if (groups < 1 || x.size(0) % groups != 0) {
    fail("dirac_", "x is {}, groups {}; hint: groups divide the first axis", x.describe(), groups);
  }
  x.fill_(0);
  const int64_t outputs = x.size(0) / groups;
  for (int64_t channel = 0; channel < x.size(0); ++channel) {
    const int64_t input = channel % outputs;
    if (input >= x.size(1)) continue;
    Tensor kernel = x.select(0, channel).select(0, input);
    while (kernel.rank() > 0) kernel = kernel.select(0, kernel.size(0) / 2);
    kernel.fill_(1);
  }
}

void uniform_(const Tensor& x, RandomStream& init, double low, double high) {
  check_floating("uniform_", x);
  x.copy_(random_uniform(x.shape(), init, low, high, like(x)));
}

void normal_(const Tensor& x, RandomStream& init, double mean, double deviation) {
  check_floating("normal_", x);
  x.copy_(random_normal(x.shape(), init, mean, deviation, like(x)));
}

void trunc_normal_(const Tensor& x, RandomStream& init, double mean, double deviation, double low, double high) {
  check_floating("trunc_normal_", x);
  if (!(std::isfinite(mean) && std::isfinite(deviation) && deviation > 0 && low < high)) {
    fail("trunc_normal_", "mean {}, deviation {}, bounds [{}, {}]; hint: a deviation above 0, and rising bounds", mean,
         deviation, low, high);
  }
  const double a = (low - mean) / deviation, b = (high - mean) / deviation;
  // The far tail is accurate on the left only: an interval on the right is drawn as its mirror image.
  const double sign = a > 0 ? -1 : 1, from = a > 0 ? -b : a, to = a > 0 ? -a : b;
  const double first = normal_cdf(from), last = normal_cdf(to);
  if (!(first < last)) {
    fail("trunc_normal_", "nothing of the normal of mean {} and deviation {} lies in [{}, {}]; hint: widen the bounds",
         mean, deviation, low, high);
  }
  const Tensor draws = random_uniform(x.shape(), init, first, last, {.dtype = DType::float64, .device = cpu});
  std::vector<double> values = draws.to_vector<double>();
  for (double& y : values) y = std::clamp(mean + sign * deviation * normal_quantile(y, from, to), low, high);
  x.copy_(from_data(values, x.shape(), x.device()).to(x.dtype()));
}

void sparse_(const Tensor& x, RandomStream& init, double sparsity, double deviation) {
  check_floating("sparse_", x);
  if (x.rank() != 2) fail("sparse_", "x is {}; hint: it takes a matrix", x.describe());
  if (!(sparsity >= 0 && sparsity <= 1)) fail("sparse_", "sparsity is {}; hint: it lies in 0..1", sparsity);
  normal_(x, init, 0, deviation);
  const int64_t rows = x.size(0), zeros = static_cast<int64_t>(std::ceil(sparsity * static_cast<double>(rows)));
  for (int64_t column = 0; column < x.size(1) && zeros > 0; ++column) {
    const Tensor chosen = random_permutation(rows, init, x.device()).slice(0, 0, zeros);
    const Tensor values = x.select(1, column);
    values.copy_(index_fill(values, 0, chosen, 0));
  }
}

void xavier_uniform_(const Tensor& x, RandomStream& init, double gain) {
  const double bound = gain * std::sqrt(6 / fan_sum(x));
  uniform_(x, init, -bound, bound);
}

void xavier_normal_(const Tensor& x, RandomStream& init, double gain) {
  normal_(x, init, 0, gain * std::sqrt(2 / fan_sum(x)));
}

void kaiming_uniform_(const Tensor& x, RandomStream& init, Nonlinearity nonlinearity, Fan fan, double slope) {
  const double bound = calculate_gain(nonlinearity, slope) * std::sqrt(3 / fan_of(x, fan));
  uniform_(x, init, -bound, bound);
}

void kaiming_normal_(const Tensor& x, RandomStream& init, Nonlinearity nonlinearity, Fan fan, double slope) {
  normal_(x, init, 0, calculate_gain(nonlinearity, slope) / std::sqrt(fan_of(x, fan)));
}

namespace {

/// The q of qr(x) whose r has a positive diagonal.  x [m, n], n <= m, float64. Panel by panel, so that most of it is
/// matrix products: each panel loses the directions of those before it (twice, as once leaves rounding behind: Giraud
/// et al. 2005) and is then factored by itself.
Tensor orthonormal_columns(const Tensor& x) {
  constexpr int64_t kPanel = 64;
  const Tensor q = empty_like(x);
  for (int64_t start = 0; start < x.size(1); start += kPanel) {
    const int64_t end = std::min(start + kPanel, x.size(1));
    const Tensor before = q.slice(1, 0, start);
    Tensor panel = x.slice(1, start, end);
    for (int pass = 0; pass < 2 && start > 0; ++pass) {
      panel = panel - matmul(before, matmul(before.transpose(), panel));
    }
    const auto [directions, r] = qr(panel);
    q.slice(1, start, end).copy_(directions * sign(diagonal(r)));
  }
  return q;
}

}  // namespace

void orthogonal_(const Tensor& x, RandomStream& init, double gain) {
  check_floating("orthogonal_", x);
  if (x.rank() < 2) fail("orthogonal_", "x is {}; hint: it takes a matrix [rows, ...]", x.describe());
  if (x.numel() == 0) return;
  const int64_t rows = x.size(0), columns = x.numel() / rows;
  const int64_t count = std::min(rows, columns), length = std::max(rows, columns);
  const Tensor draws = random_normal({count, length}, init, 0, 1, {.dtype = DType::float64, .device = cpu});
  // With a positive diagonal of r the factors are unique, and q is uniform over the Haar measure (Mezzadri 2007).
  const Tensor q = orthonormal_columns(draws.transpose());
  const Tensor matrix = rows > columns ? q : q.transpose();
  x.copy_(matrix.contiguous().mul_(gain).reshape(x.shape()));
}

void orthogonal_each_gate_(const Tensor& x, int64_t gates, RandomStream& init) {
  const int64_t rows = x.size(0) / gates;
  for (int64_t gate = 0; gate < gates; ++gate) orthogonal_(x.slice(0, gate * rows, (gate + 1) * rows), init);
}

}  // namespace weft::nn::init
