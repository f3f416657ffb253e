// autograd/jacobian.h: whole derivatives of functions, and products with them
#pragma once
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "autograd/variable.h"

namespace weft {

using Function1 = std::function<Variable(const Variable& x)>;
using FunctionN = std::function<Variable(const std::vector<Variable>& xs)>;

// Each function makes a tape of its own, on which f may call anything; leaves that f uses besides stay as they are.
// x is floating, any shape. They throw what f and its derivative throw.

/// J[i, j] = d y_i / d x_j for y = f(x): y's shape followed by x's shape. One walk an element of y.
Tensor jacobian(const Function1& f, const Tensor& x);
/// One for each of several inputs, with the same walks.
std::vector<Tensor> jacobian(const FunctionN& f, const std::vector<Tensor>& xs);

/// H[i, j] = d^2 y / d x_i d x_j: x's shape twice. f must give one element. One walk an element of x.
Tensor hessian(const Function1& f, const Tensor& x);

/// (y, J^T dy): one walk, without making J.  Throws: dy does not fit y.
std::pair<Tensor, Tensor> vjp(const Function1& f, const Tensor& x, const Tensor& dy);

/// (y, H v) by reverse over reverse, without making H: two walks. f must give one element.
/// Throws: v has not the shape and dtype of x.
std::pair<Tensor, Tensor> hvp(const Function1& f, const Tensor& x, const Tensor& v);

/// d loss(i) / d parameter for i = 0 .. count - 1: one tensor [count, ...] for each of `parameters` (leaves), whose own
/// gradients stay as they are. A plain loop: `count` forward passes and `count` walks, so it costs about `count` times
/// a batch of one.  Throws: count < 1; loss(i) has not one element.
std::vector<Tensor> per_sample_gradients(const std::function<Variable(int64_t sample)>& loss, int64_t count,
                                         std::span<const Variable> parameters);

}  // namespace weft
