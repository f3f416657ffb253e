// nn/optim/state.h: checking an optimiser's state before it is taken over
#pragma once
#include <map>
#include <string>
#include <string_view>

#include "autograd/variable.h"
#include "nn/problems.h"

namespace weft::nn::optim {

/// "exp_avg.3".
std::string state_name(std::string_view name, size_t parameter);

/// Adds a problem when `state` has a tensor `name` (a whole name: "exp_avg.3") that is undefined or has another shape
/// or dtype than `parameter`. No such tensor is no problem.
void check_fits(Problems& problems, const std::map<std::string, Tensor>& state, const std::string& name,
                const Variable& parameter);

/// A clone on the parameter's device, or an undefined tensor when `state` has none of that name.
Tensor taken(const std::map<std::string, Tensor>& state, const std::string& name, const Variable& parameter);

}  // namespace weft::nn::optim
