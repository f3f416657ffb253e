// nn/loss.h: losses as functions (a loss owns no weights, so there are no modules); names and defaults as torch's
#pragma once
#include <optional>

#include "autograd/softmax.h"
#include "autograd/variable.h"
#include "nn/reduction.h"

namespace weft::nn {

// Classes.

struct NllOptions {
  Tensor weight;                ///< [classes], of each class; undefined: all 1
  int64_t ignore_index = -100;  ///< targets of this class count for nothing
  Reduction reduction = Reduction::mean;
};

/// -weight[t] log_p[t], the mean divided by the weights' sum.  log_p [n, c, d1, ...] (or [c]), target int64
/// [n, d1, ...] (or []) -> scalar (or the target's shape).  Throws: shapes that do not fit, a class out of range.
Variable nll_loss(const Variable& log_p, const Tensor& target, const NllOptions& options = {});

struct CrossEntropyOptions {
  Tensor weight;
  int64_t ignore_index = -100;
  double label_smoothing = 0;  ///< the target becomes (1 - s) onehot + s / classes (Szegedy et al. 2016)
  Reduction reduction = Reduction::mean;
};

/// -log softmax(logits)[target].  logits [n, c, d1, ...] (or [c]); target int64 as for nll_loss, or the probabilities
/// of the classes, float in the shape of logits: then the mean is over all places but the class axis, and ignore_index
/// plays no part.  Throws: as nll_loss; label_smoothing not in 0..1.
Variable cross_entropy(const Variable& logits, const Variable& target, const CrossEntropyOptions& options = {});

/// Share of rows whose largest logit is at target, in 0..1.  logits [n, classes], target int64 [n].
double accuracy(const Tensor& logits, const Tensor& target);

// Distances. All throw when shapes differ: nothing is broadcast.

/// (prediction - target)^2.
Variable mse_loss(const Variable& prediction, const Variable& target, Reduction reduction = Reduction::mean);
/// |prediction - target|.
Variable l1_loss(const Variable& prediction, const Variable& target, Reduction reduction = Reduction::mean);

struct SmoothL1Options {
  double beta = 1;
  Reduction reduction = Reduction::mean;
};
/// d^2 / (2 beta) where d = |prediction - target| < beta, else d - beta / 2; beta 0 is l1_loss.  Throws: beta < 0.
Variable smooth_l1_loss(const Variable& prediction, const Variable& target, const SmoothL1Options& options = {});

struct HuberOptions {
  double delta = 1;
  Reduction reduction = Reduction::mean;
};
/// d^2 / 2 where d <= delta, else delta (d - delta / 2) (Huber 1964).  Throws: delta <= 0.
Variable huber_loss(const Variable& prediction, const Variable& target, const HuberOptions& options = {});

struct GaussianNllOptions {
  bool full = false;  ///< adds log(2 pi) / 2
  double eps = 1e-6;  ///< variances below count as eps; the gradient reaches them all the same
  Reduction reduction = Reduction::mean;
};
/// (log variance + (prediction - target)^2 / variance) / 2.  Throws: shapes, a negative variance.
Variable gaussian_nll_loss(const Variable& prediction, const Variable& target, const Variable& variance,
                           const GaussianNllOptions& options = {});

// Probabilities.

struct BceOptions {
  Tensor weight;  ///< of each element, broadcasts to the losses; undefined: all 1
  Reduction reduction = Reduction::mean;
};
/// -(t log p + (1 - t) log(1 - p)), both logarithms at least -100. The gradient of a probability of exactly 0 or 1 is
/// lost there: binary_cross_entropy_with_logits keeps it.  Throws: shapes that differ, p outside 0..1.
Variable binary_cross_entropy(const Variable& p, const Variable& target, const BceOptions& options = {});

struct BceWithLogitsOptions {
  Tensor weight;
  Tensor pos_weight;  ///< of the positive term, broadcasts to the losses; undefined: all 1
  Reduction reduction = Reduction::mean;
};
/// binary_cross_entropy(sigmoid(logits), target) without overflow and without lost gradients.
Variable binary_cross_entropy_with_logits(const Variable& logits, const Variable& target,
                                          const BceWithLogitsOptions& options = {});

struct KlDivOptions {
  bool log_target = false;  ///< target holds logarithms
  Reduction reduction = Reduction::mean;
};
/// t (log t - log_p), 0 where t is 0; with log_target exp(t) (t - log_p), 0 where t is -inf: also where log_p is -inf,
/// which gives NaN in torch. The divergence itself is Reduction::batchmean.  Throws: shapes that differ.
Variable kl_div(const Variable& log_p, const Variable& target, const KlDivOptions& options = {});

}  // namespace weft::nn
