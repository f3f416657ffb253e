// autograd/meshgrid.h: several tensors brought to one shape, recorded: each is an expand
#pragma once
#include "autograd/variable.h"
#include "tensor/meshgrid.h"

namespace weft {

std::vector<Variable> broadcast_tensors(std::span<const Variable> xs);
std::vector<Variable> meshgrid(std::span<const Variable> axes, Indexing indexing = Indexing::ij);

}  // namespace weft
