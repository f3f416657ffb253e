// nn/per_sample.cpp: one batched product, or one grouped convolution, in place of a loop over samples
#include "nn/per_sample.h"

#include "autograd/conv.h"
#include "autograd/elementwise.h"
#include "autograd/matmul.h"
#include "autograd/reduce.h"
#include "autograd/view.h"

namespace weft::nn {
namespace {

std::string describe(const Variable& x) { return x.defined() ? x.value().describe() : "undefined"; }

[[noreturn]] void fail_to_fit(const char* op, const Variable& x, const Variable& weight, const Variable& bias) {
  fail(op, "x is {}, weight is {}, bias is {}; hint: x [n, ...], weight and bias with n in front, or for all samples",
       describe(x), describe(weight), describe(bias));
}

/// Throws: weight [n or none, out, ...] and bias [n or none, out] that are not of x's n, dtype and device. `rank`: the
/// axes of a weight for all.
void check(const char* op, const Variable& x, const Variable& weight, const Variable& bias, int64_t rank) {
  const int64_t outputs_axis = weight.rank() - rank;
  bool fits = x.rank() >= 2 && (outputs_axis == 0 || (outputs_axis == 1 && weight.size(0) == x.size(0))) &&
              weight.dtype() == x.dtype() && weight.device() == x.device();
  if (fits && bias.defined()) {
    const int64_t outputs = weight.size(outputs_axis);
    fits = (bias.shape() == Shape{outputs} || bias.shape() == Shape{x.size(0), outputs}) && bias.dtype() == x.dtype() &&
           bias.device() == x.device();
  }
  if (fits) return;
  fail_to_fit(op, x, weight, bias);
}

/// bias [outputs] or [n, outputs] so that it lies on y [n, outputs, ...].
Variable on_channels(const Variable& bias, const Variable& y) {
  Shape shape = Shape::filled(y.rank(), 1);
  shape[0] = bias.rank() == 2 ? bias.size(0) : 1;
  shape[1] = bias.shape().back();
  return reshape(bias, shape);
}

/// `conv(x, weight, bias, groups)` is the convolution of `rank` axes for one set of weights.
template <class Conv>
Variable conv_per_sample(const char* op, const Variable& x, const Variable& weight, const Variable& bias, int64_t rank,
                         int64_t groups, const Conv& conv) {
  check(op, x, weight, bias, rank);
  const int64_t n = x.size(0);
  if (weight.rank() == rank || n == 0) {  // no sample: no channel to lie side by side, and the sum of no weights serves
    const Variable y = conv(x, weight.rank() == rank ? weight : sum(weight, {0}), Variable(), groups);
    return bias.defined() ? y + on_channels(bias, y) : y;
  }
  const int64_t outputs = weight.size(1);
  Variable all_biases = bias;
  if (bias.defined()) all_biases = flatten(bias.rank() == 2 ? bias : expand(bias, {n, outputs}));
  const Variable y = conv(unsqueeze(flatten(x, 0, 1), 0), flatten(weight, 0, 1), all_biases, n * groups);
  Shape shape = y.shape();
  shape[0] = n;
  shape[1] = outputs;
  return reshape(y, shape);
}

}  // namespace

Variable linear_per_sample(const Variable& x, const Variable& weight, const Variable& bias) {
  check("linear_per_sample", x, weight, bias, 2);
  const int64_t n = x.size(0), inputs = x.shape().back();
  const int64_t rows = numel_of(x.shape()) / std::max<int64_t>(n * inputs, 1);
  Shape shape = x.shape();
  shape.back() = weight.size(-2);
  Variable y = matmul(reshape(x, {n, rows, inputs}), transpose(weight));
  if (bias.defined()) y = y + (bias.rank() == 2 ? unsqueeze(bias, 1) : bias);
  return reshape(y, shape);
}

Variable affine_per_sample(const Variable& x, const Variable& weight, const Variable& bias, int64_t axis,
                           int64_t own_rank) {
  const auto placed = [&](const Variable& part) {
    if (axis < 1 || axis + own_rank > x.rank()) fail_to_fit("affine_per_sample", x, weight, bias);
    Shape own, shape = Shape::filled(x.rank(), 1);
    for (int64_t i = axis; i < axis + own_rank; ++i) own.push_back(shape[i] = x.size(i));
    if (part.rank() > own_rank) own.insert(0, shape[0] = x.size(0));
    if (part.shape() != own || part.dtype() != x.dtype() || part.device() != x.device()) {
      fail_to_fit("affine_per_sample", x, weight, bias);
    }
    return reshape(part, shape);
  };
  const Variable y = weight.defined() ? x * placed(weight) : x;
  return bias.defined() ? y + placed(bias) : y;
}

Variable conv2d_per_sample(const Variable& x, const Variable& weight, const Variable& bias, const Window2d& window,
                           int64_t groups) {
  return conv_per_sample("conv2d_per_sample", x, weight, bias, 4, groups,
                         [&](const Variable& images, const Variable& kernel, const Variable& b, int64_t g) {
                           return conv2d(images, kernel, b, window, g);
                         });
}

Variable conv1d_per_sample(const Variable& x, const Variable& weight, const Variable& bias, const Window1d& window,
                           int64_t groups) {
  return conv_per_sample("conv1d_per_sample", x, weight, bias, 3, groups,
                         [&](const Variable& rows, const Variable& kernel, const Variable& b, int64_t g) {
                           return conv1d(rows, kernel, b, window, g);
                         });
}

}  // namespace weft::nn
