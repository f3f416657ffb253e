// nn/dropout.cpp: dropout
#include "nn/dropout.h"

#include "autograd/elementwise.h"
#include "tensor/create.h"

namespace weft::nn {

void check_probability(double p) {
  if (!(p >= 0 && p <= 1)) fail("dropout", "p is {}; hint: the probability of a zero lies in 0..1", p);
}

Tensor dropout_mask(const Shape& shape, const Tensor& like, double p, RandomStream& stream, bool training) {
  check_probability(p);
  if (!training || p == 0) return {};
  const TensorOptions options{.dtype = like.dtype(), .device = like.device()};
  if (p == 1) return zeros(shape, options);  // 1 / (1 - p) would be infinite
  return greater_equal(random_uniform(shape, stream, 0, 1, options), p).to(like.dtype()).mul_(1 / (1 - p));
}

Variable dropout(const Variable& x, double p, RandomStream& stream, bool training) {
  const Tensor mask = dropout_mask(x.shape(), x.value(), p, stream, training);
  return mask.defined() ? x * Variable(mask) : x;
}

Variable dropout2d(const Variable& x, double p, RandomStream& stream, bool training) {
  check_probability(p);
  if (x.rank() < 2) fail("dropout2d", "x is {}; hint: it is [n, channels, ...]", x.value().describe());
  Shape channels = Dims::filled(x.rank(), 1);
  channels[0] = x.size(0);
  channels[1] = x.size(1);
  const Tensor mask = dropout_mask(channels, x.value(), p, stream, training);
  return mask.defined() ? x * Variable(mask) : x;
}

Dropout::Dropout(double p, RandomStream& stream) : p_(p), stream_(stream) { check_probability(p); }

Variable Dropout::operator()(const Variable& x) { return dropout(x, p_, stream_, is_training()); }

Dropout2d::Dropout2d(double p, RandomStream& stream) : p_(p), stream_(stream) { check_probability(p); }

Variable Dropout2d::operator()(const Variable& x) { return dropout2d(x, p_, stream_, is_training()); }

}  // namespace weft::nn
