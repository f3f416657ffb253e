// nn/batch_norm.cpp: batch normalization
#include "nn/batch_norm.h"

#include "autograd/elementwise.h"
#include "autograd/normalization.h"
#include "nn/per_sample.h"
#include "tensor/create.h"
#include "tensor/statistics.h"

namespace weft::nn {

BatchNorm::BatchNorm(std::string_view kind, int64_t num_features, std::pair<int64_t, int64_t> ranks,
                     BatchNormOptions options)
    : kind_(kind), num_features_(num_features), ranks_(ranks), options_(options) {
  if (num_features < 1) fail(kind, "num_features is {}; hint: it is at least 1", num_features);
  if (options.affine == Affine::yes) {
    weight = Parameter(ones({num_features}));
    bias = Parameter(zeros({num_features}));
    register_parameter("weight", weight);
    register_parameter("bias", bias);
  }
  if (options.track_running_stats == TrackRunningStats::yes) {
    running_mean = zeros({num_features});
    running_var = ones({num_features});
    num_batches_tracked = scalar(0, {.dtype = DType::int64});
    register_buffer("running_mean", running_mean);
    register_buffer("running_var", running_var);
    register_buffer("num_batches_tracked", num_batches_tracked);
  }
}

void BatchNorm::check(const Variable& x) const {
  if (x.rank() < ranks_.first || x.rank() > ranks_.second || x.size(1) != num_features_) {
    fail(kind_, "x is {}; hint: it is [n, {}{}]", x.value().describe(), num_features_,
         ranks_.second == 4 ? ", h, w" : "] or [n, features, length");
  }
  for (const Tensor& own : {weight.defined() ? weight.value() : Tensor(), running_mean}) {
    if (own.defined() && own.dtype() != x.dtype()) {
      fail(kind_, "x is {}, the layer is {}; hint: cast x, or the layer with to(dtype)", x.value().describe(),
           name_of(own.dtype()));
    }
  }
}

void BatchNorm::update_running(const Tensor& x, const Axes& axes) {
  // Only the average over all batches reads the count: on an accelerator that waits for the device.
  const double share = options_.momentum ? *options_.momentum : 1 / (num_batches_tracked.item() + 1);
  const Tensor next_mean = running_mean * (1 - share) + mean(x, axes) * share;
  const Tensor next_var = running_var * (1 - share) + var(x, axes) * share;
  num_batches_tracked.add_(1);
  running_mean.copy_(next_mean);
  running_var.copy_(next_var);
}

Variable BatchNorm::affine(const Variable& x) const {
  if (is_per_sample(weight, 1) || is_per_sample(bias, 1)) return affine_per_sample(x, weight, bias, 1);
  return scale_channels(x, weight, bias);
}

Variable BatchNorm::operator()(const Variable& x) {
  check(x);
  const bool tracked = running_mean.defined();
  if (!is_training() && tracked) {
    const Tensor r = rsqrt(running_var + options_.eps);
    return affine(scale_channels(x, Variable(r), Variable(neg(running_mean * r))));
  }
  if (x.numel() <= num_features_) {
    fail(kind_, "one value a channel, or none, has no variance: x is {}; hint: eval() uses the running statistics",
         x.value().describe());
  }
  Axes axes{0};
  for (int64_t axis = 2; axis < x.rank(); ++axis) axes.push_back(axis);
  const Variable y = affine(standardize(x, axes, options_.eps));
  if (is_training() && tracked) update_running(x.value(), axes);  // last: a call that throws is not counted
  return y;
}

}  // namespace weft::nn
