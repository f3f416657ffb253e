// nn/layer_norm.cpp: layers that normalize each example by itself
#include "nn/layer_norm.h"

#include <limits>

#include "autograd/normalization.h"
#include "nn/per_sample.h"
#include "tensor/checks.h"
#include "tensor/create.h"

namespace weft::nn {
namespace {

void check_normalized_shape(std::string_view op, const Shape& shape) {
  bool positive = !shape.empty();
  for (const int64_t size : shape) positive = positive && size >= 1;
  if (!positive)
    fail(op, "normalized_shape is {}; hint: the sizes of the last axes, each at least 1", to_string(shape));
}

double machine_epsilon(const Tensor& x) {
  check_floating("RMSNorm", x);
  return x.dtype() == DType::float64 ? std::numeric_limits<double>::epsilon() : std::numeric_limits<float>::epsilon();
}

}  // namespace

LayerNorm::LayerNorm(Shape normalized_shape, double eps, Affine affine, Bias with_bias)
    : normalized_shape_(normalized_shape), eps_(eps) {
  check_normalized_shape("LayerNorm", normalized_shape_);
  if (affine == Affine::no) return;
  weight = Parameter(ones(normalized_shape_));
  register_parameter("weight", weight);
  if (with_bias == Bias::no) return;
  bias = Parameter(zeros(normalized_shape_));
  register_parameter("bias", bias);
}

Variable LayerNorm::operator()(const Variable& x) {
  const int64_t own_rank = normalized_shape_.size();
  if (!is_per_sample(weight, own_rank) && !is_per_sample(bias, own_rank)) {
    return layer_norm(x, normalized_shape_, weight, bias, eps_);
  }
  return affine_per_sample(layer_norm(x, normalized_shape_, {}, {}, eps_), weight, bias, x.rank() - own_rank, own_rank);
}

RMSNorm::RMSNorm(Shape normalized_shape, std::optional<double> eps, Affine affine)
    : normalized_shape_(normalized_shape), eps_(eps) {
  check_normalized_shape("RMSNorm", normalized_shape_);
  if (affine == Affine::no) return;
  weight = Parameter(ones(normalized_shape_));
  register_parameter("weight", weight);
}

Variable RMSNorm::operator()(const Variable& x) {
  const int64_t own_rank = normalized_shape_.size();
  const double eps = eps_ ? *eps_ : machine_epsilon(x.value());
  if (!is_per_sample(weight, own_rank)) return rms_norm(x, normalized_shape_, weight, eps);
  return affine_per_sample(rms_norm(x, normalized_shape_, {}, eps), weight, {}, x.rank() - own_rank, own_rank);
}

GroupNorm::GroupNorm(int64_t num_groups, int64_t num_channels, double eps, Affine affine)
    : num_groups_(num_groups), num_channels_(num_channels), eps_(eps) {
  if (num_groups < 1 || num_channels < 1 || num_channels % num_groups != 0) {
    fail("GroupNorm", "{} channels cannot be cut into {} groups", num_channels, num_groups);
  }
  if (affine == Affine::no) return;
  weight = Parameter(ones({num_channels}));
  bias = Parameter(zeros({num_channels}));
  register_parameter("weight", weight);
  register_parameter("bias", bias);
}

Variable GroupNorm::operator()(const Variable& x) {
  if (x.rank() < 2 || x.size(1) != num_channels_) {
    fail("GroupNorm", "x is {}; hint: it is [n, {}, ...]", x.value().describe(), num_channels_);
  }
  if (!is_per_sample(weight, 1) && !is_per_sample(bias, 1)) return group_norm(x, num_groups_, weight, bias, eps_);
  return affine_per_sample(group_norm(x, num_groups_, {}, {}, eps_), weight, bias, 1);
}

}  // namespace weft::nn
