// nn/activations.cpp: layers without parameters
#include "nn/activations.h"

#include "autograd/elementwise.h"
#include "autograd/softmax.h"

namespace weft::nn {

Variable ReLU::operator()(const Variable& x) { return relu(x); }
Variable Tanh::operator()(const Variable& x) { return tanh(x); }
Variable Sigmoid::operator()(const Variable& x) { return sigmoid(x); }
Variable LogSigmoid::operator()(const Variable& x) { return log_sigmoid(x); }
Variable SiLU::operator()(const Variable& x) { return silu(x); }
Variable GELU::operator()(const Variable& x) { return gelu(x, form_); }
Variable Softplus::operator()(const Variable& x) { return softplus(x, beta_, threshold_); }
Variable ELU::operator()(const Variable& x) { return elu(x, alpha_); }
Variable SELU::operator()(const Variable& x) { return selu(x); }
Variable Mish::operator()(const Variable& x) { return mish(x); }
Variable Hardswish::operator()(const Variable& x) { return hardswish(x); }
Variable LeakyReLU::operator()(const Variable& x) { return leaky_relu(x, slope_); }
Variable Hardtanh::operator()(const Variable& x) { return hardtanh(x, low_, high_); }
Variable ReLU6::operator()(const Variable& x) { return relu6(x); }
Variable GLU::operator()(const Variable& x) { return glu(x, axis_); }
Variable Softmax::operator()(const Variable& x) { return softmax(x, axis_); }
Variable LogSoftmax::operator()(const Variable& x) { return log_softmax(x, axis_); }

}  // namespace weft::nn
