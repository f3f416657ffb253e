// nn/layer_norm.h: layers that normalize each example by itself; names and defaults as torch.nn
#pragma once
#include <optional>

#include "nn/linear.h"
#include "nn/module.h"

namespace weft::nn {

enum class Affine : bool { no, yes };

/// See layer_norm.  x [..., *normalized_shape] -> the same.  Init: weight 1, bias 0.
class LayerNorm : public Layer {
 public:
  /// Throws: no axis, a size below 1.
  explicit LayerNorm(Shape normalized_shape, double eps = 1e-5, Affine affine = Affine::yes, Bias bias = Bias::yes);
  explicit LayerNorm(int64_t features, double eps = 1e-5, Affine affine = Affine::yes, Bias bias = Bias::yes)
      : LayerNorm(Shape{features}, eps, affine, bias) {}
  std::string_view kind() const override { return "LayerNorm"; }
  bool takes_weights_per_sample() const override { return true; }
  Variable operator()(const Variable& x) override;

  Parameter weight, bias;  // state names: "weight", "bias"; undefined with Affine::no (bias: also with Bias::no)

 private:
  Shape normalized_shape_;
  double eps_;
};

/// See rms_norm.  x [..., *normalized_shape] -> the same.  Init: weight 1.
class RMSNorm : public Layer {
 public:
  /// eps: none is the machine epsilon of x's dtype.  Throws: no axis, a size below 1.
  explicit RMSNorm(Shape normalized_shape, std::optional<double> eps = {}, Affine affine = Affine::yes);
  explicit RMSNorm(int64_t features, std::optional<double> eps = {}, Affine affine = Affine::yes)
      : RMSNorm(Shape{features}, eps, affine) {}
  std::string_view kind() const override { return "RMSNorm"; }
  bool takes_weights_per_sample() const override { return true; }
  Variable operator()(const Variable& x) override;

  Parameter weight;  // state name: "weight"; undefined with Affine::no

 private:
  Shape normalized_shape_;
  std::optional<double> eps_;
};

/// See group_norm.  x [n, channels, ...] -> the same.  Init: weight 1, bias 0. GroupNorm(c, c) is instance norm.
class GroupNorm : public Layer {
 public:
  /// Throws: num_groups below 1, or they do not divide the channels.
  GroupNorm(int64_t num_groups, int64_t num_channels, double eps = 1e-5, Affine affine = Affine::yes);
  std::string_view kind() const override { return "GroupNorm"; }
  bool takes_weights_per_sample() const override { return true; }
  /// Throws: x has another number of channels.
  Variable operator()(const Variable& x) override;

  Parameter weight, bias;  // state names: "weight", "bias"; undefined with Affine::no

 private:
  int64_t num_groups_, num_channels_;
  double eps_;
};

}  // namespace weft::nn
