// autograd/split.h: taking a tensor apart along one axis, recorded: every part is a slice
#pragma once
#include "autograd/variable.h"
#include "tensor/split.h"

namespace weft {

Variable narrow(const Variable& x, int64_t axis, int64_t start, int64_t length);
std::vector<Variable> split(const Variable& x, int64_t size, int64_t axis = 0);
std::vector<Variable> split(const Variable& x, const std::vector<int64_t>& sizes, int64_t axis = 0);
std::vector<Variable> chunk(const Variable& x, int64_t chunks, int64_t axis = 0);
std::vector<Variable> unbind(const Variable& x, int64_t axis = 0);

}  // namespace weft
