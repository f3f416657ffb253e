// nn/batch_norm.h: batch normalization (Ioffe and Szegedy 2015); names and defaults as torch.nn
#pragma once
#include <optional>

#include "nn/layer_norm.h"
#include "nn/module.h"

namespace weft::nn {

enum class TrackRunningStats : bool { no, yes };

struct BatchNormOptions {
  double eps = 1e-5;
  /// running = (1 - momentum) running + momentum batch; none: the average over all batches so far.
  std::optional<double> momentum = 0.1;
  Affine affine = Affine::yes;
  TrackRunningStats track_running_stats = TrackRunningStats::yes;
};

/// y = weight (x - mean) / sqrt(var + eps) + bias, mean and var of each channel over all other axes: of the batch while
/// training, when the running statistics follow them (their variance is unbiased); the running ones in evaluation.
/// Init: weight 1, bias 0, running mean 0, running variance 1.
class BatchNorm : public Layer {
 public:
  std::string_view kind() const override { return kind_; }
  bool takes_weights_per_sample() const override { return true; }
  Variable operator()(const Variable& x) override;

  // State names as the members; undefined without affine, without running statistics.
  Parameter weight, bias;
  Tensor running_mean, running_var;
  Tensor num_batches_tracked;  ///< int64, 0-dim

 protected:
  /// `ranks`: how many axes x may have.  Throws: num_features below 1.
  BatchNorm(std::string_view kind, int64_t num_features, std::pair<int64_t, int64_t> ranks, BatchNormOptions options);

 private:
  void check(const Variable& x) const;
  Variable affine(const Variable& x) const;
  void update_running(const Tensor& x, const Axes& axes);

  std::string_view kind_;
  int64_t num_features_;
  std::pair<int64_t, int64_t> ranks_;
  BatchNormOptions options_;
};

/// x [n, features] or [n, features, length].
class BatchNorm1d : public BatchNorm {
 public:
  explicit BatchNorm1d(int64_t num_features, BatchNormOptions options = {})
      : BatchNorm("BatchNorm1d", num_features, {2, 3}, options) {}
};

/// x [n, features, h, w].
class BatchNorm2d : public BatchNorm {
 public:
  explicit BatchNorm2d(int64_t num_features, BatchNormOptions options = {})
      : BatchNorm("BatchNorm2d", num_features, {4, 4}, options) {}
};

}  // namespace weft::nn
