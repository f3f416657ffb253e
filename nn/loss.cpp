// nn/loss.cpp: losses
#include "nn/loss.h"

#include "autograd/elementwise.h"
#include "autograd/reduce.h"

namespace weft::nn {
namespace {

Variable reduced(const Variable& losses, Reduction reduction) {
  switch (reduction) {
    case Reduction::none: return losses;
    case Reduction::mean: return mean(losses);
    case Reduction::sum: break;
  }
  return sum(losses);
}

}  // namespace

Variable cross_entropy(const Variable& logits, const Tensor& target, Reduction reduction) {
  return reduced(softmax_cross_entropy(logits, target), reduction);
}

Variable mse_loss(const Variable& prediction, const Variable& target, Reduction reduction) {
  if (prediction.shape() != target.shape()) {
    fail("mse_loss", "shapes differ: prediction is {}, target is {}; hint: reshape one of them, nothing is broadcast",
         prediction.value().describe(), target.value().describe());
  }
  return reduced(square(prediction - target), reduction);
}

double accuracy(const Tensor& logits, const Tensor& target) {
  if (logits.rank() != 2 || target.rank() != 1 || target.dtype() != DType::int64 || logits.size(0) != target.size(0)) {
    fail("accuracy", "logits is {}, target is {}; hint: logits [n, classes], target int64 [n]", logits.describe(),
         target.describe());
  }
  if (logits.numel() == 0) fail("accuracy", "logits is {}; hint: the share of no rows is undefined", logits.describe());
  const auto correct = sum(equal(argmax(logits, 1), target)).item<int64_t>();
  return static_cast<double>(correct) / static_cast<double>(logits.size(0));
}

}  // namespace weft::nn
