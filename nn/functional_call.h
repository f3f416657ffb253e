// nn/functional_call.h: run a module with weights that somebody else made
#pragma once
#include <functional>
#include <map>
#include <string>

#include "nn/module.h"

namespace weft::nn {

/// Dotted parameter path -> the weight to use in its place: a constant, a leaf, or a recorded result such as the output
/// of a generator, through which gradients then flow.
using Weights = std::map<std::string, Variable>;

/// run() with the parameters named in `weights` replaced; the others are used as they are. The module is as it was
/// afterwards, also when run() throws. A weight may have an axis more, [n, own shape]: one for each of the n samples
/// that x holds, in Linear, Conv1d, Conv2d and norms, wherever they stand; see nn/per_sample.h.
/// Throws before run(): an unknown name, a shape or dtype that differs from the parameter's, weights a sample for
/// different n or for a module that cannot use them (all listed in one message).
Variable functional_call(Module& module, const Weights& weights, const std::function<Variable()>& run);

/// functional_call(layer, weights, x): layer(x) with those weights.
Variable functional_call(Layer& layer, const Weights& weights, const Variable& x);

}  // namespace weft::nn
