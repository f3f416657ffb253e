// nn/dropout.cpp: dropout
#include "nn/dropout.h"

#include "autograd/elementwise.h"
#include "tensor/create.h"

namespace weft::nn {
namespace {

void check_probability(double p) {
  if (!(p >= 0 && p <= 1)) fail("dropout", "p is {}; hint: the probability of a zero lies in 0..1", p);
}

}  // namespace

Variable dropout(const Variable& x, double p, RandomStream& stream, bool training) {
  check_probability(p);
  if (!training || p == 0) return x;
  if (p == 1) return x * Variable(zeros_like(x.value()));  // 1 / (1 - p) would be infinite
  const Tensor drawn = random_uniform(x.shape(), stream, 0, 1, {.dtype = x.dtype(), .device = x.device()});
  return x * Variable(greater_equal(drawn, p).to(x.dtype()).mul_(1 / (1 - p)));
}

Dropout::Dropout(double p, RandomStream& stream) : p_(p), stream_(stream) { check_probability(p); }

Variable Dropout::operator()(const Variable& x) { return dropout(x, p_, stream_, is_training()); }

}  // namespace weft::nn
