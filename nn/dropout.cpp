// nn/dropout.cpp: dropout
#include "nn/dropout.h"

#include "autograd/elementwise.h"
#include "tensor/create.h"

namespace weft::nn {

void check_probability(double p) {
  if (!(p >= 0 && p <= 1)) fail("dropout", "p is {}; hint: the probability of a zero lies in 0..1", p);
}

namespace {

/// x times a mask of `shape`, which broadcasts over x: 0 with probability p, else 1 / (1 - p).
Variable masked(const Variable& x, const Shape& shape, double p, RandomStream& stream) {
  if (p == 1) return x * Variable(zeros_like(x.value()));  // 1 / (1 - p) would be infinite
  const Tensor drawn = random_uniform(shape, stream, 0, 1, {.dtype = x.dtype(), .device = x.device()});
  return x * Variable(greater_equal(drawn, p).to(x.dtype()).mul_(1 / (1 - p)));
}

}  // namespace

Variable dropout(const Variable& x, double p, RandomStream& stream, bool training) {
  check_probability(p);
  return training && p > 0 ? masked(x, x.shape(), p, stream) : x;
}

Variable dropout2d(const Variable& x, double p, RandomStream& stream, bool training) {
  check_probability(p);
  if (x.rank() < 2) fail("dropout2d", "x is {}; hint: it is [n, channels, ...]", x.value().describe());
  if (!training || p == 0) return x;
  Shape channels = Dims::filled(x.rank(), 1);
  channels[0] = x.size(0);
  channels[1] = x.size(1);
  return masked(x, channels, p, stream);
}

Dropout::Dropout(double p, RandomStream& stream) : p_(p), stream_(stream) { check_probability(p); }

Variable Dropout::operator()(const Variable& x) { return dropout(x, p_, stream_, is_training()); }

Dropout2d::Dropout2d(double p, RandomStream& stream) : p_(p), stream_(stream) { check_probability(p); }

Variable Dropout2d::operator()(const Variable& x) { return dropout2d(x, p_, stream_, is_training()); }

}  // namespace weft::nn
