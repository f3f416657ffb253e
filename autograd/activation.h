// autograd/activation.h: activations that record their derivative; formulas: tensor/activation.h
#pragma once
#include "autograd/variable.h"
#include "tensor/activation.h"

namespace weft {

Variable sigmoid(const Variable& x);
Variable log_sigmoid(const Variable& x);
Variable relu(const Variable& x);  ///< derivative at 0 is 0, at NaN 1
Variable silu(const Variable& x);
Variable gelu(const Variable& x, GeluForm form = GeluForm::erf);
Variable softplus(const Variable& x, double beta = 1, double threshold = 20);
Variable elu(const Variable& x, double alpha = 1);
Variable selu(const Variable& x);
Variable mish(const Variable& x);
Variable hardswish(const Variable& x);                                   ///< derivative at -3 is 0, at 3 it is 1
Variable leaky_relu(const Variable& x, double slope = 0.01);             ///< derivative at 0 is slope
Variable hardtanh(const Variable& x, Scalar low = -1, Scalar high = 1);  ///< derivative at low and high is 0
Variable relu6(const Variable& x);
Variable glu(const Variable& x, int64_t axis = -1);

}  // namespace weft
