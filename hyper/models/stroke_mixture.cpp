// hyper/models/stroke_mixture.cpp: log-density and draws of the next pen point
#include "hyper/models/stroke_mixture.h"

#include <cmath>
#include <numbers>
#include <optional>

#include "autograd/activation.h"
#include "autograd/elementwise.h"
#include "autograd/split.h"
#include "autograd/view.h"
#include "nn/loss.h"
#include "tensor/create.h"
#include "tensor/reduce.h"

namespace weft::hyper {
namespace {

void check_sizes(std::string_view op, const Tensor& y) {
  if (y.rank() < 1 || y.size(-1) < 7 || (y.size(-1) - 1) % 6 != 0)
    fail(op, "y must be [..., 1 + 6 M], got {}", y.describe());
}

void check_targets(const Tensor& y, const Tensor& targets) {
  constexpr std::string_view kOp = "stroke_nll";
  Shape wanted = y.shape();
  wanted.back() = 3;
  if (targets.shape() != wanted || targets.dtype() != y.dtype())
    fail(kOp, "targets must be {} {}, got {}", to_string(wanted), name_of(y.dtype()), targets.describe());
  const Tensor pen = targets.select(-1, 2);
  if (!all(logical_or(equal(pen, 0), equal(pen, 1))).item<bool>())
    fail(kOp, "a target's pen is neither 0 nor 1; hint: points are (dx, dy, pen)");
}

// Beyond this the correlation tanh(r) is 1 even in float64, while exp(2 r) soon leaves float32.
constexpr double kLargestCorrelationLogit = 20;
// A deviation of 4e-18, far below what a coordinate can tell apart; exp(-s) leaves float32 at -88.
constexpr double kSmallestLogDeviation = -40;

/// x held at `low` or above, and at `high` or below; the gradient reaches what lies outside all the same, and can bring
/// it back.
Variable held(const Variable& x, double low, std::optional<Scalar> high = {}) {
  return Variable(clamp(x.value(), low, high)) + (x - Variable(x.value()));
}

}  // namespace

// With u = (x - mean) / deviation for both axes and 1 +- tanh(r) = 2 logistic(+-2r), the exponent of the Gaussian is
//   -(u_x^2 + u_y^2 - 2 rho u_x u_y) / (2 (1 - rho^2))
//      = -((u_x + u_y)^2 / logistic(2r) + (u_x - u_y)^2 / logistic(-2r)) / 8
// which adds no numbers of unlike sign, and 1 / logistic(a) = 1 + exp(-a).
Variable stroke_nll(const Variable& y, const Tensor& targets) {
  check_sizes("stroke_nll", y.value());
  check_targets(y.value(), targets);
  const int64_t m = (y.size(-1) - 1) / 6;
  const std::vector<Variable> part = split(y, std::vector<int64_t>{1, m, m, m, m, m, m}, -1);
  const std::vector<Variable> log_deviation{held(part[4], kSmallestLogDeviation), held(part[5], kSmallestLogDeviation)};
  const auto standardised = [&](int64_t axis) {
    const Variable target(targets.slice(-1, axis, axis + 1));
    return (target - part[static_cast<size_t>(2 + axis)]) * exp(-log_deviation[static_cast<size_t>(axis)]);
  };
  const Variable x = standardised(0), y_axis = standardised(1);
  const Variable twice = held(part[6], -kLargestCorrelationLogit, kLargestCorrelationLogit) * 2;
  const Variable exponent = square(x + y_axis) * (1 + exp(-twice)) + square(x - y_axis) * (1 + exp(twice));
  const Variable log_root = (log_sigmoid(twice) + log_sigmoid(-twice)) * 0.5;  // log(sqrt(1 - rho^2) / 2)
  const Variable log_normal =
      exponent * -0.125 - log_deviation[0] - log_deviation[1] - log_root - std::log(4 * std::numbers::pi);
  const Variable log_density = logsumexp(log_softmax(part[1]) + log_normal, {-1});
  const Variable pen = nn::binary_cross_entropy_with_logits(select(part[0], -1, 0), Variable(targets.select(-1, 2)),
                                                            {.reduction = nn::Reduction::none});
  return pen - log_density;
}

Tensor sample_stroke(const Tensor& y, double bias, RandomStream& stream) {
  constexpr std::string_view kOp = "sample_stroke";
  check_sizes(kOp, y);
  if (y.rank() != 1) fail(kOp, "one point is drawn at a time: y must be [1 + 6 M], got {}", y.describe());
  if (!(bias >= 0) || !std::isfinite(bias)) fail(kOp, "bias {} must be 0 or more and finite", bias);
  const std::vector<double> v = y.to(cpu).to(DType::float64).to_vector<double>();
  const size_t m = (v.size() - 1) / 6;
  double most = v[1], total = 0;
  for (size_t k = 0; k < m; ++k) most = std::max(most, v[1 + k]);
  std::vector<double> weights;
  for (size_t k = 0; k < m; ++k) weights.push_back(std::exp((v[1 + k] - most) * (1 + bias)));
  for (const double weight : weights) total += weight;
  const double pen = stream.uniform() < 1 / (1 + std::exp(-v[0])) ? 1 : 0;
  size_t k = 0;
  for (double left = stream.uniform() * total - weights[0]; left >= 0 && k + 1 < m; left -= weights[k]) ++k;
  const auto at = [&](size_t part) { return v[1 + part * m + k]; };
  const double first = stream.normal(), second = stream.normal(), rho = std::tanh(at(5));
  const double along = rho * first + second / std::cosh(at(5));  // sqrt(1 - tanh^2) = 1 / cosh
  return tensor<double>({at(1) + std::exp(at(3) - bias) * first, at(2) + std::exp(at(4) - bias) * along, pen}, {}, cpu);
}

}  // namespace weft::hyper
