// tensor/einsum_plan.h: a sum of products as a list of views, sums and products, which runs on Tensor and on Variable
#pragma once
#include <string_view>
#include <utility>
#include <vector>

#include "tensor/elementwise.h"
#include "tensor/matmul.h"
#include "tensor/reduce.h"
#include "tensor/triangle.h"
#include "tensor/view_functions.h"

namespace weft {

/// x[at] = kind(x[at], dims), or kind(x[at], x[other]) for the two products.
struct EinsumStep {
  enum class Kind : uint8_t { permute, reshape, diagonal, sum, mul, matmul };
  Kind kind;
  size_t at;
  Dims dims = {};    ///< order, shape, the two axes, axes
  size_t other = 0;  ///< of products; it is not used again
};

/// The result is x[0] after the last step.
using EinsumPlan = std::vector<EinsumStep>;

/// Throws as einsum (tensor/einsum.h).
EinsumPlan plan_einsum(std::string_view equation, const std::vector<Tensor>& operands);
/// Throws as tensordot (tensor/einsum.h).
EinsumPlan plan_tensordot(const Tensor& a, const Tensor& b, const Axes& axes_a, const Axes& axes_b);

template <class X>
X run_plan(const EinsumPlan& plan, std::vector<X> x) {
  for (const EinsumStep& step : plan) {
    X& to = x[step.at];
    switch (step.kind) {
      case EinsumStep::Kind::permute: to = permute(to, step.dims); break;
      case EinsumStep::Kind::reshape: to = reshape(to, step.dims); break;
      case EinsumStep::Kind::diagonal: to = diagonal(to, 0, step.dims[0], step.dims[1]); break;
      case EinsumStep::Kind::sum: to = sum(to, step.dims); break;
      case EinsumStep::Kind::mul: to = to * std::exchange(x[step.other], X()); break;
      case EinsumStep::Kind::matmul: to = matmul(to, std::exchange(x[step.other], X())); break;
    }
  }
  return x[0];
}

}  // namespace weft
