// nn/activations.cpp: layers without parameters
#include "nn/activations.h"

#include "autograd/elementwise.h"
#include "autograd/view.h"

namespace weft::nn {

Variable ReLU::operator()(const Variable& x) { return relu(x); }
Variable Tanh::operator()(const Variable& x) { return tanh(x); }
Variable Sigmoid::operator()(const Variable& x) { return sigmoid(x); }
Variable Flatten::operator()(const Variable& x) { return flatten(x, 1); }

}  // namespace weft::nn
