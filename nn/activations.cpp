// nn/activations.cpp: layers without parameters
#include "nn/activations.h"

#include "autograd/elementwise.h"

namespace weft::nn {

Variable ReLU::operator()(const Variable& x) { return relu(x); }
Variable Tanh::operator()(const Variable& x) { return tanh(x); }
Variable Sigmoid::operator()(const Variable& x) { return sigmoid(x); }

}  // namespace weft::nn
