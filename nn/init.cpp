// nn/init.cpp: initialisers
#include "nn/init.h"

#include <algorithm>
#include <cmath>

#include "tensor/checks.h"
#include "tensor/elementwise.h"
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

}  // namespace

Fans fans_of(const Tensor& weight) {
  if (weight.rank() < 2) {
    fail("fans_of", "weight is {}; hint: fans need two axes or more, [out, in, ...]", weight.describe());
  }
  int64_t field = 1;
  for (int64_t axis = 2; axis < weight.rank(); ++axis) field *= weight.size(axis);
  return {.in = weight.size(1) * field, .out = weight.size(0) * field};
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

void trunc_normal_(const Tensor& x, RandomStream& init, double mean, double deviation) {
  check_floating("trunc_normal_", x);
  x.copy_(random_truncated_normal(x.shape(), init, mean, deviation, like(x)));
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

void orthogonal_(const Tensor& x, RandomStream& init, double gain) {
  check_floating("orthogonal_", x);
  if (x.rank() < 2) fail("orthogonal_", "x is {}; hint: it takes a matrix [rows, ...]", x.describe());
  if (x.numel() == 0) return;
  const int64_t rows = x.size(0), columns = x.numel() / rows;
  const int64_t count = std::min(rows, columns), length = std::max(rows, columns);
  const Tensor draws = random_normal({count, length}, init, 0, 1, {.dtype = DType::float64, .device = cpu});
  // With a positive diagonal of r the factors are unique, and q is uniform over the Haar measure (Mezzadri 2007).
  const auto [q, r] = qr(draws.transpose());
  const Tensor columns_of_q = q * sign(diagonal(r));
  const Tensor matrix = rows > columns ? columns_of_q : columns_of_q.transpose();
  x.copy_(matrix.contiguous().mul_(gain).reshape(x.shape()));
}

}  // namespace weft::nn::init
