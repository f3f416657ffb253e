// nn/loss.cpp: losses that are distances or compare probabilities
#include "nn/loss.h"

#include <cmath>
#include <limits>
#include <numbers>

#include "autograd/elementwise.h"
#include "autograd/reduce.h"
#include "nn/loss_checks.h"

namespace weft::nn {
namespace {

/// Where a probability's logarithm ends, as in torch.
constexpr double kSmallestLog = -100;

/// log(p), at least kSmallestLog. It is the logarithm that is bounded: exp(-100) in its place is 3.8e-44 in float32,
/// whose logarithm is -99.98.
Variable bounded_log(const Variable& p) {
  const Tensor large = greater(p.value(), std::exp(kSmallestLog));
  return where(large, log(where(large, p, 1)), kSmallestLog);
}

Variable weighted(const Variable& losses, const Tensor& weight) {
  return weight.defined() ? losses * Variable(weight) : losses;
}

}  // namespace

Variable reduced(std::string_view op, const Variable& losses, Reduction reduction) {
  switch (reduction) {
    case Reduction::none: return losses;
    case Reduction::mean: return mean(losses);
    case Reduction::sum: return sum(losses);
    case Reduction::batchmean: break;
  }
  fail(op, "there is no Reduction::batchmean here; hint: it belongs to kl_div, use Reduction::mean");
}

void check_same_shape(std::string_view op, std::string_view name, const Variable& x, const Variable& target) {
  if (x.shape() == target.shape()) return;
  fail(op, "shapes differ: {} is {}, target is {}; hint: reshape one of them, nothing is broadcast", name,
       x.value().describe(), target.value().describe());
}

Variable mse_loss(const Variable& prediction, const Variable& target, Reduction reduction) {
  check_same_shape("mse_loss", "prediction", prediction, target);
  return reduced("mse_loss", square(prediction - target), reduction);
}

Variable l1_loss(const Variable& prediction, const Variable& target, Reduction reduction) {
  check_same_shape("l1_loss", "prediction", prediction, target);
  return reduced("l1_loss", abs(prediction - target), reduction);
}

Variable smooth_l1_loss(const Variable& prediction, const Variable& target, const SmoothL1Options& options) {
  const double beta = options.beta;
  check_same_shape("smooth_l1_loss", "prediction", prediction, target);
  if (!(beta >= 0)) fail("smooth_l1_loss", "beta is {}; hint: it is at least 0", beta);
  const Variable d = abs(prediction - target);
  if (beta == 0) return reduced("smooth_l1_loss", d, options.reduction);
  const Variable losses = where(less(d.value(), beta), square(d) * (0.5 / beta), d - 0.5 * beta);
  return reduced("smooth_l1_loss", losses, options.reduction);
}

Variable huber_loss(const Variable& prediction, const Variable& target, const HuberOptions& options) {
  const double delta = options.delta;
  check_same_shape("huber_loss", "prediction", prediction, target);
  if (!(delta > 0)) fail("huber_loss", "delta is {}; hint: it is above 0", delta);
  const Variable d = abs(prediction - target);
  const Variable losses = where(less_equal(d.value(), delta), square(d) * 0.5, (d - 0.5 * delta) * delta);
  return reduced("huber_loss", losses, options.reduction);
}

Variable gaussian_nll_loss(const Variable& prediction, const Variable& target, const Variable& variance,
                           const GaussianNllOptions& options) {
  check_same_shape("gaussian_nll_loss", "prediction", prediction, target);
  check_same_shape("gaussian_nll_loss", "variance", variance, target);
  if (any(less(variance.value(), 0)).item<bool>()) {
    fail("gaussian_nll_loss", "variance has negative elements; hint: exp or softplus makes it positive");
  }
  const Variable raised = variance + Variable(maximum(variance.value(), options.eps) - variance.value());
  Variable losses = 0.5 * (log(raised) + square(prediction - target) / raised);
  if (options.full) losses = losses + 0.5 * std::log(2 * std::numbers::pi);
  return reduced("gaussian_nll_loss", losses, options.reduction);
}

Variable binary_cross_entropy(const Variable& p, const Variable& target, const BceOptions& options) {
  check_same_shape("binary_cross_entropy", "p", p, target);
  const Tensor inside = logical_and(greater_equal(p.value(), 0), less_equal(p.value(), 1));
  if (!all(inside).item<bool>()) {
    fail("binary_cross_entropy", "p has elements outside 0..1; hint: sigmoid first, or use the function for logits");
  }
  const Variable losses = -(target * bounded_log(p) + (1 - target) * bounded_log(1 - p));
  return reduced("binary_cross_entropy", weighted(losses, options.weight), options.reduction);
}

Variable binary_cross_entropy_with_logits(const Variable& logits, const Variable& target,
                                          const BceWithLogitsOptions& options) {
  check_same_shape("binary_cross_entropy_with_logits", "logits", logits, target);
  Variable negative_log = -log_sigmoid(logits);
  if (options.pos_weight.defined()) {
    negative_log = (1 + (Variable(options.pos_weight) - 1) * target) * negative_log;
  }
  const Variable losses = (1 - target) * logits + negative_log;
  return reduced("binary_cross_entropy_with_logits", weighted(losses, options.weight), options.reduction);
}

Variable kl_div(const Variable& log_p, const Variable& target, const KlDivOptions& options) {
  check_same_shape("kl_div", "log_p", log_p, target);
  constexpr double kLogOfZero = -std::numeric_limits<double>::infinity();
  Variable losses;
  if (options.log_target) {
    const Tensor possible = not_equal(target.value(), kLogOfZero);
    losses = exp(target) * where(possible, target - log_p, 0);
  } else {
    const Tensor positive = greater(target.value(), 0);
    const Tensor impossible = logical_and(equal(target.value(), 0), equal(log_p.value(), kLogOfZero));  // 0 times inf
    losses = target * (log(where(positive, target, 1)) - where(impossible, 0, log_p));
  }
  if (options.reduction != Reduction::batchmean) return reduced("kl_div", losses, options.reduction);
  if (losses.rank() == 0) fail("kl_div", "log_p is {}; hint: batchmean needs axis 0", log_p.value().describe());
  return sum(losses) / static_cast<double>(losses.size(0));
}

double accuracy(const Tensor& logits, const Tensor& target) {
  if (logits.rank() != 2 || target.rank() != 1 || target.dtype() != DType::int64 || logits.size(0) != target.size(0)) {
    fail("accuracy", "logits is {}, target is {}; hint: logits [n, classes], target int64 [n]", logits.describe(),
         target.describe());
  }
  if (logits.numel() == 0) fail("accuracy", "logits is {}; hint: the share of no rows is undefined", logits.describe());
  const auto correct = sum(equal(argmax(logits, 1), target)).item<int64_t>();
  return static_cast<double>(correct) / static_cast<double>(logits.size(0));
}

}  // namespace weft::nn
