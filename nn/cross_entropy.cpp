// nn/cross_entropy.cpp: losses over classes
//
// Axes are brought to [rows, classes] first; a row whose target is ignored gets the target 0 and the weight 0.
#include "autograd/elementwise.h"
#include "autograd/indexing.h"
#include "autograd/reduce.h"
#include "autograd/view.h"
#include "nn/loss.h"
#include "nn/loss_checks.h"
#include "tensor/create.h"

namespace weft::nn {
namespace {

int64_t class_axis(const Variable& x) { return x.rank() == 1 ? 0 : 1; }

/// x [n, c, d1, ...] or [c] as [rows, c].
Variable as_rows(const Variable& x) {
  if (x.rank() == 1) return unsqueeze(x, 0);
  if (x.rank() == 2) return x;
  Axes order{0};
  for (int64_t axis = 2; axis < x.rank(); ++axis) order.push_back(axis);
  order.push_back(1);
  return reshape(permute(x, order), {x.numel() / x.size(1), x.size(1)});
}

void check_scores(std::string_view op, const Variable& x, const Tensor& weight) {
  if (x.rank() == 0 || !is_floating(x.dtype())) {
    fail(op, "scores are {}; hint: they are [n, classes, ...] or [classes], float", x.value().describe());
  }
  const int64_t classes = x.size(class_axis(x));
  if (classes == 0) fail(op, "scores are {}; hint: there must be a class", x.value().describe());
  if (weight.defined() && (weight.shape() != Shape{classes} || weight.dtype() != x.dtype())) {
    fail(op, "weight is {}, scores are {}; hint: weight is [{}], one number a class, in the dtype of the scores",
         weight.describe(), x.value().describe(), classes);
  }
}

/// Class indices, checked.
struct Targets {
  Tensor classes;  ///< int64 [rows], 0 where ignored
  Tensor weights;  ///< [rows], of each row: its class's, 0 where ignored; undefined when plain
  Tensor counted;  ///< bool [rows], false where ignored; undefined when plain
  bool plain;      ///< nothing is ignored and all weights are 1
  Shape shape;     ///< of the target as it came
};

/// Whether any target is ignored; the one time that they are read.
bool check_range(std::string_view op, const Tensor& target, int64_t classes, int64_t ignore_index) {
  const std::vector<int64_t> indices = target.to_vector<int64_t>();
  bool any_ignored = false;
  for (size_t i = 0; i < indices.size(); ++i) {
    if (indices[i] == ignore_index) any_ignored = true;
    else if (indices[i] < 0 || indices[i] >= classes) {
      fail(op, "target[{}] = {}, but there are {} classes (0..{}); hint: check the labels", i, indices[i], classes,
           classes - 1);
    }
  }
  return any_ignored;
}

Targets targets_of(std::string_view op, const Variable& x, const Tensor& target, const Tensor& weight,
                   int64_t ignore_index) {
  Shape expected = x.shape();
  expected.erase(class_axis(x));
  if (target.dtype() != DType::int64 || target.shape() != expected) {
    fail(op, "target is {}, scores are {}; hint: class indices are int64 {}", target.describe(), x.value().describe(),
         to_string(expected));
  }
  if (target.device() != x.device()) {
    fail(op, "devices differ: target is {}, scores are {}; hint: use target.to(device)", target.describe(),
         x.value().describe());
  }
  const bool any_ignored = check_range(op, target, x.size(class_axis(x)), ignore_index);
  const Tensor flat = target.reshape({target.numel()});
  if (!any_ignored && !weight.defined()) return {flat, {}, {}, true, target.shape()};
  const Tensor counted = not_equal(flat, ignore_index);
  const Tensor classes = where(counted, flat, 0);
  const Tensor ones = weight.defined() ? gather(weight, 0, classes) : full(flat.shape(), 1, {x.dtype(), x.device()});
  return {classes, where(counted, ones, 0), counted, false, target.shape()};
}

/// The rows' losses, already weighted, put together.
Variable reduced_rows(std::string_view op, const Variable& losses, const Targets& targets, Reduction reduction) {
  if (reduction == Reduction::mean && !targets.plain) return sum(losses) / Variable(sum(targets.weights));
  if (reduction == Reduction::none) return reshape(losses, targets.shape);
  return reduced(op, losses, reduction);
}

Variable with_probabilities(const Variable& logits, const Variable& target, const CrossEntropyOptions& options) {
  check_same_shape("cross_entropy", "logits", logits, target);
  const Variable rows = as_rows(logits);
  const auto classes = static_cast<double>(rows.size(1));
  Variable p = as_rows(target);
  if (options.label_smoothing != 0) p = p * (1 - options.label_smoothing) + options.label_smoothing / classes;
  if (options.weight.defined()) p = p * Variable(options.weight);
  const Variable losses = -sum(log_softmax(rows) * p, {1});
  if (options.reduction != Reduction::none) return reduced("cross_entropy", losses, options.reduction);
  Shape shape = logits.shape();
  shape.erase(class_axis(logits));
  return reshape(losses, shape);
}

}  // namespace

Variable nll_loss(const Variable& log_p, const Tensor& target, const NllOptions& options) {
  check_scores("nll_loss", log_p, options.weight);
  const Targets targets = targets_of("nll_loss", log_p, target, options.weight, options.ignore_index);
  const Variable picked = squeeze(gather(as_rows(log_p), 1, targets.classes.unsqueeze(1)), 1);
  const Variable losses = targets.plain ? -picked : where(targets.counted, -picked * targets.weights, 0);
  return reduced_rows("nll_loss", losses, targets, options.reduction);
}

Variable cross_entropy(const Variable& logits, const Variable& target, const CrossEntropyOptions& options) {
  const double smoothing = options.label_smoothing;
  check_scores("cross_entropy", logits, options.weight);
  if (!(smoothing >= 0 && smoothing <= 1)) {
    fail("cross_entropy", "label_smoothing is {}; hint: it lies in 0..1", smoothing);
  }
  if (is_floating(target.dtype())) return with_probabilities(logits, target, options);
  const Targets targets = targets_of("cross_entropy", logits, target.value(), options.weight, options.ignore_index);
  const Variable rows = as_rows(logits);
  Variable losses = softmax_cross_entropy(rows, targets.classes);
  if (!targets.plain) losses = where(targets.counted, losses * Variable(targets.weights), 0);
  if (smoothing != 0) {
    Variable log_p = log_softmax(rows);
    if (options.weight.defined()) log_p = log_p * Variable(options.weight);
    Variable even = -mean(log_p, {1});
    if (!targets.plain) even = where(targets.counted, even, 0);
    losses = losses * (1 - smoothing) + even * smoothing;
  }
  return reduced_rows("cross_entropy", losses, targets, options.reduction);
}

}  // namespace weft::nn
